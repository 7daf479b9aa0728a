"""The tamper driver: what a forger may change in a database, and whether `verify` finds it (T12, T13)."""
