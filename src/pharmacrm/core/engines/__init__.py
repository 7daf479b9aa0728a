"""Engines: one for each idea, used by every domain that needs it."""
