"""A client's folder to begin with: few questions, words and a strategy that were checked, and one quiet channel switched on."""
