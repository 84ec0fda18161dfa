"""The commands of `iku`: who sits at the terminal, and what is printed there."""
