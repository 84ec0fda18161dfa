"""The warehouse: Postgres as the program sees it."""
