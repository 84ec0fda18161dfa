"""Rules: what law and rule book say, as pure functions."""
