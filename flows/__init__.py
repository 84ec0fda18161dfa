"""What runs: the flows, their tasks and the command line; the only code with side effects."""
