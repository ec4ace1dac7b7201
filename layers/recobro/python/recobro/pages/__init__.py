"""What a debtor sees: pages that are plain text in, HTML out; no clock, no table, no request."""
