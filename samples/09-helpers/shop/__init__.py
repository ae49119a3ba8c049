"""A small product with its tests inside of it."""
