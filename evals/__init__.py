"""Measurements: benches now, eval suites on recorded transcripts next."""
