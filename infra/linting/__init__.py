"""What other people's rules say of our templates and our code, and which of their findings stand, each with its reason."""
