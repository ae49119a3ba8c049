"""What the product's classes do when they are made: some only store what they get, others can fail."""

import json
import os
import threading

Signal = threading.Event


class Shelf:
    def __init__(self, options=None, size=10):
        self.options = options
        self.size = size
        self.things = {}
        self.waiters = []
        if self.options is not None:
            if "colour" not in self.options:
                raise KeyError("colour")

    def notify(self, waiter):
        self.waiters.append(waiter)


class OpenShelf(Shelf):
    """Its constructor is its base's."""

    def stocked(self):
        return True


class ReadShelf(Shelf):
    def __init__(self, path):
        super().__init__()
        self.things = json.loads(path)


class Prepared(Shelf):
    def __init__(self):
        super().__init__()
        self.prepare()

    def prepare(self):
        self.prepared = True


class Picked:
    """Making one runs more than its constructor."""

    def __new__(cls, *args):
        json.loads(args[0])
        return super().__new__(cls)


def price(prices, thing):
    return prices[thing]


def names():
    yield os.environ["PATH"]


class Priced:
    def __init__(self, price, options=None):
        self.price = price
        if options:
            raise ValueError(options)


def standard_prices():
    return json.loads(os.environ["SAMPLE_PRICES"])


class Counter:
    """What is left out is made here, and may fail; whoever gives it has nothing to fear."""

    def __init__(self, prices=None, unit="piece"):
        if prices is None:
            prices = standard_prices()
        if unit not in ("piece", "dozen"):
            raise ValueError(unit)
        self.prices = prices
        self.unit = unit


class Till:
    def __init__(self, opened):
        self.opened = opened
        self.reset()

    def reset(self, rest=""):
        self.read(rest)

    def read(self, rest):
        if rest:
            self.things = json.loads(rest)
