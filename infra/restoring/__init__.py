"""A ledger brought back as it stood at an instant, and then up to date, before anybody is contacted from it."""
