"""The door to the SIASN web service."""
