"""Readers: each kind of file to tables of text, with sheet and row number."""
