"""Telling: somebody is told, once a day and of every failure."""
