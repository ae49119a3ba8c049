"""The tests of the small product, in a folder below it."""
