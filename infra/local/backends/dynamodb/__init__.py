"""DynamoDB in plain Python: only what the house asks of it, fast enough to live through a hundred thousand days."""
