"""What the tests of this folder patch."""

import time


def now():
    return 1


def zone():
    return time.strftime("%Z")


SETTINGS = {"format": "short"}
