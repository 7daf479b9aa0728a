"""The same command twice is once (T6): everybody gives the same keys at once."""
