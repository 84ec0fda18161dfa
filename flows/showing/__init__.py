"""Showing: what is and was shown, read from the marts."""
