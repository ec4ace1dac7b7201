"""A function may do what its role in the template grants and nothing else, on this machine as in AWS."""
