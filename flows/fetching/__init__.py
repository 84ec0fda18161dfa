"""Fetching: bytes come in, from the inbox of an office and from its doors."""
