"""The catalogue of rules: why a file, a row or a cell is refused, and what to do about it."""
