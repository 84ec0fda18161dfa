"""What is computed: pure functions without input, output, clock or log."""
