"""Every door to the outside: settings, secrets, the database, the archive, readers, the server."""
