"""What the tests of this folder patch."""


def now():
    return 1


def zone():
    return "UTC"


SETTINGS = {"format": "short"}
