"""A believable invented world around the real template: its people, carriers, gateways and agents, and what came of weeks of work."""
