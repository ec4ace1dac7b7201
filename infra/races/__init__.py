"""Payments and sends of the real code, raced against each other in every order: `python -m infra.races --help`."""
