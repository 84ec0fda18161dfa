"""Computing: rows in force become values, achievements and roll-ups, each version kept."""
