"""The tour of docs/TUR.md: its commands are run, and what they print is what the page shows."""
