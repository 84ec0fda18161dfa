"""The machine: settings, secrets, files and processes of this computer."""
