"""Contact law as data, and the engine that reads it; the engine knows no country."""
