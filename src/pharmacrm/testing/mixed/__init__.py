"""Credit under everything at once (T4): orders, slips, invoices, returns, money and limits at random."""
