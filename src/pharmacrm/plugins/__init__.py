"""Everything that touches the world: hooks and their manager, stores, notifiers, ERP adapters, calendars."""
