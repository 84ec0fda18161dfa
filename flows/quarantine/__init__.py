"""Quarantine: the way back of what was refused to the officer who can mend it."""
