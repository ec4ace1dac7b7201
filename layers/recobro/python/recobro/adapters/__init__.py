"""The outside world's side of every port; the only importers of SDKs."""
