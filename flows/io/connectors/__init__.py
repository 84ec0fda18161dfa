"""Connectors: one module for each door through which a source comes in."""
