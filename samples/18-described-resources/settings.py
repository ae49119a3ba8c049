"""What there is where the tests run."""


class Cloud:
    is_there = True


CLOUD = Cloud()
