"""What the agency's people do at their desk, on the web: the use cases of `recobro tasks` and `recobro offer`, behind a sign-in."""
