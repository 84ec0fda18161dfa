"""Broken and odd files made from the samples, each with the outcome that docs/CORPUS.md tells."""
