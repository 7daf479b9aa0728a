"""Never over the credit limit (T4): processes order at once, and every fitting order goes through."""
