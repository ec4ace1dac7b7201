"""What the house does for a debtor: load, decide, save."""
