"""Backups: the database and the archive, copied, checked and put back."""
