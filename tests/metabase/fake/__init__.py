"""A strict stand-in for Metabase: only what its contract says, and every trap of it."""
