"""A test about leaking: the warning, or the object's end, is what it asserts."""

import gc
import os
import socket
import tempfile
import unittest
import warnings
import weakref

import pytest


class TestWarning(unittest.TestCase):
    def test_warns(self):
        with self.assertWarns(ResourceWarning):
            file = open(os.devnull)
            file = None
            gc.collect()
        self.assertIsNone(file)


def test_warns_under_pytest():
    with pytest.warns(ResourceWarning):
        file = open(os.devnull)
        del file
        gc.collect()


def test_object_is_gone():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        file = open(os.devnull)
        reference = weakref.ref(file)
        del file
        gc.collect()
    assert reference() is None


class TestEndOfTheObject(unittest.TestCase):
    def test_nothing_else_refers_to_it(self):
        file = tempfile.NamedTemporaryFile()
        reference = weakref.ref(file)
        write = file.write
        del file
        write(b"x")
        del write
        self.assertIsNone(reference())

    def test_its_finalizer_closes_it(self):
        file = tempfile.SpooledTemporaryFile(max_size=1)
        file.write(b"xx")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            file.__del__()


class TestRefused(unittest.TestCase):
    def test_no_such_folder(self):
        with self.assertRaises(FileNotFoundError):
            open(os.path.join(os.devnull + "-absent", "data"))

    def test_no_such_folder_as_call(self):
        self.assertRaises(FileNotFoundError, open, os.path.join(os.devnull + "-absent", "data"))


def test_made_before():
    file = open(os.devnull)
    assert not file.closed
    with pytest.warns(ResourceWarning):
        del file


class TestMadeBefore(unittest.TestCase):
    """That the assertion before fails is no leak of its own: the thing is to be dropped."""

    def test_unpacked(self):
        reading, writing = socket.socketpair()
        writing.close()
        self.assertEqual(b"", reading.recv(1))
        with self.assertWarns(ResourceWarning):
            reading = None
            gc.collect()

    def test_collected_by_hand(self):
        file = open(os.devnull, "rb", buffering=0)
        self.assertEqual(b"", file.read())
        with self.assertWarns(ResourceWarning):
            file.__del__()
