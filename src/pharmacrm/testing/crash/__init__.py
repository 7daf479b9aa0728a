"""A process kill loses nothing (T1): writers are killed at random moments, and their books are looked at."""
