"""The benchmark: ratios of one run, written to docs/BENCHMARKS.md and asserted nowhere."""
