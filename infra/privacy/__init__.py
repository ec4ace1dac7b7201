"""What we hold of people, where, how long and by what right: said from the code's own types, so that it cannot grow stale."""
