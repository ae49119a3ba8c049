"""A step between opening and closing calls the product: whether it can raise is read from the product's code, and only that.

What only stores its arguments raises nothing; what parses, looks up or runs something unknown may. An object of the product that is made of
nothing but literals is made in every run: that it cannot be is rare, and no reason to hurry.
"""

import os
import shutil
import tempfile
import unittest

import pytest
from shop import stock
from shop.stock import Counter, OpenShelf, Picked, Prepared, Priced, ReadShelf, Shelf, Till


class LabelledShelf(Shelf):
    pass


class PricedShelf(Priced):
    def __init__(self, options):
        """The base's constructor gets `self` as its first argument here."""
        Priced.__init__(self, 1, options)


class PreparedFromFile(Prepared):
    def prepare(self):
        self.things = open(os.devnull).read()  # expect: never-released


def test_constructor_that_stores():
    file = open(os.devnull)
    shelf = Shelf(size=3)
    file.close()
    assert shelf.size == 3


def test_method_that_stores():
    file = open(os.devnull)
    shelf = OpenShelf()
    shelf.notify(None)
    file.close()
    assert shelf.stocked()


def test_class_of_the_tests_with_a_constructor_of_the_product():
    file = open(os.devnull)
    shelf = LabelledShelf()
    file.close()
    assert shelf.things == {}


class CounterTest(unittest.TestCase):
    def setUp(self):
        self.prices = {"tea": 2}

    def test_what_is_given_is_not_made(self):
        folder = tempfile.mkdtemp()
        counter = Counter(self.prices)
        shutil.rmtree(folder)
        self.assertEqual(self.prices, counter.prices)

    def test_what_is_left_out_is_made(self):
        if "SAMPLE_PRICES" not in os.environ:
            self.skipTest("there are no prices")
        folder = tempfile.mkdtemp()  # expect: leak-on-failure [made]
        counter = Counter(unit=os.environ["SAMPLE_UNIT"])  # step [made]: raise
        shutil.rmtree(folder)
        self.assertTrue(counter.prices)

    def test_one_of_the_known_words(self):
        folder = tempfile.mkdtemp()
        counter = Counter(self.prices, "dozen")
        shutil.rmtree(folder)
        self.assertEqual("dozen", counter.unit)

    def test_what_is_handed_on(self):
        folder = tempfile.mkdtemp()
        till = Till(self.prices)
        shutil.rmtree(folder)
        self.assertEqual(self.prices, till.opened)


def test_setup_step_of_the_product():
    file = open(os.devnull)
    shelf = Prepared()
    file.close()
    assert shelf.prepared


def test_other_name_for_a_class_of_the_library():
    file = open(os.devnull)
    signal = stock.Signal()
    file.close()
    assert not signal.is_set()


def test_options_are_written_out():
    file = open(os.devnull)
    shelf = Shelf({"colour": "red"})
    file.close()
    assert shelf.size == 10


@pytest.mark.parametrize("colour", ["red"])
def test_options_are_checked(colour):
    file = open(os.devnull)  # expect: leak-on-failure
    shelf = Shelf({"colour": colour.lower()})
    file.close()
    assert shelf.size == 10


def test_constructor_that_parses_a_literal():
    file = open(os.devnull)
    shelf = ReadShelf("{}")
    file.close()
    assert shelf.things == {}


@pytest.mark.parametrize("text", ["{}"])
def test_constructor_that_parses(text):
    file = open(os.devnull)  # expect: leak-on-failure
    shelf = ReadShelf(text)
    file.close()
    assert shelf.things == {}


class TestFolderOfTheCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.shelf = ReadShelf("{}")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_empty(self):
        self.assertEqual({}, self.shelf.things)


def test_what_the_constructor_runs_is_changed():
    file = open(os.devnull)  # expect: leak-on-failure
    shelf = PreparedFromFile()
    file.close()
    assert shelf.things == ""


@pytest.mark.parametrize("text", ["{}"])
def test_made_specially(text):
    file = open(os.devnull)  # expect: leak-on-failure
    shelf = Picked(text)
    file.close()
    assert shelf


def test_checked_by_the_base():
    file = open(os.devnull)  # expect: leak-on-failure
    shelf = PricedShelf("")
    file.close()
    assert shelf.price == 1


def test_look_up():
    file = open(os.devnull)  # expect: leak-on-failure
    price = stock.price({"pen": 3}, "pen")
    file.close()
    assert price == 3


def test_generator_that_is_run():
    file = open(os.devnull)  # expect: leak-on-failure
    names = list(stock.names())
    file.close()
    assert names
