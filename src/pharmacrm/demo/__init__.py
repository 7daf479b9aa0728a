"""The demonstration: some months of a wholesaler on a simulated clock, from the order to the cash."""
