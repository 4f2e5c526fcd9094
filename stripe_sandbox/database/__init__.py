"""The rows of the database: kept apart by account, in a file of their own."""
