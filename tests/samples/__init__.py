"""Invented files of every source, and whole invented years; nobody in them exists."""
