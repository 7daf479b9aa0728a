"""A power cut loses nothing (T2): the disk keeps, drops or tears what SQLite had not synced."""
