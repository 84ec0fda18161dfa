"""Metabase: the managers' dashboards, kept as code."""
