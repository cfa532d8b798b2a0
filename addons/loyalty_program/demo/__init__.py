"""A club of the demo company, with members, history, cashback and differences."""
