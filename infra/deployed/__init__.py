"""A client's stack over its life in AWS: what a deployment would change, what no deployment may touch, and how it ends."""
