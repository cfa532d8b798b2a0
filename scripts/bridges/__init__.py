"""What a database is made of, and in what two of them differ: behind make bridges."""
