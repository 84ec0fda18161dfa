"""Metabase kept as code: read the specs, compare with a server, write what differs, check it."""
