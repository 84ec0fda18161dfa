"""Specs: what sql/metabase says the dashboards are."""
