"""What a helper returns in a tuple is known by its place: whether a step between open and close can raise depends on it."""

import os


class Meter:
    def __init__(self):
        self.reading = 0

    def reset(self):
        self.reading = 0

    def read(self, text):
        self.reading = int(text)


def made():
    meter = Meter()
    return meter, "3"


class TestMeter:
    def made(self):
        return made()[1], Meter()

    def test_reset(self):
        meter, text = made()
        file = open(os.devnull)  # ledger: file released
        meter.reset()
        file.close()

    def test_reset_by_the_second(self):
        text, meter = self.made()
        file = open(os.devnull)  # ledger: file released
        meter.reset()
        file.close()

    def test_read(self):
        meter, text = made()
        file = open(os.devnull)  # expect: leak-on-failure [read]
        meter.read(text)  # step [read]: raise
        file.close()
