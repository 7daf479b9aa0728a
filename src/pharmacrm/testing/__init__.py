"""What plugin authors and hosts test with: kits that prove an adapter right, clocks, and other help."""
