"""Prefect on one machine: its server, its worker and its pulse."""
