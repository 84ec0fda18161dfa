"""The server of Metabase: its client, its access, and how it is set up."""
