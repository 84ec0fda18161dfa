"""Doors: the ways in which a source can be fetched, one module each."""
