"""The words that everybody shares."""
