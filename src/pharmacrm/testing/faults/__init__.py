"""All or nothing (T3): every database call of every command fails once, in five ways."""
