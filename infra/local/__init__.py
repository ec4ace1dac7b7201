"""Runs the synthesised template on this machine: no Docker, no account, no network, and a clock that can be moved."""
