"""The pure core: words, values, engines, domains and flows; no clock, no randomness, no input or output."""
