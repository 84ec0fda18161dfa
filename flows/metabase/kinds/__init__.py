"""Kinds of objects of Metabase: how each is read, compared and written."""
