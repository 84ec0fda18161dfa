"""Words and contracts: cards of indicators and sources, and the shapes of their data."""
