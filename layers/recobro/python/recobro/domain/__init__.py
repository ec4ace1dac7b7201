"""What the trade knows and nothing else: no clock, no network, no log, the standard library alone."""
