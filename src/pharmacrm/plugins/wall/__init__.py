"""The wall between the host and its plugins: nothing of theirs comes through that was not looked at."""
