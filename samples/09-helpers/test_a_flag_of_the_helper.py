"""A helper of its own class remembers in a flag that it has started something, and ends it only then."""

import subprocess
import sys
import unittest


class Child:
    def __init__(self):
        self.is_started = False

    def start(self):
        self.process = subprocess.Popen([sys.executable, "-c", ""])
        self.is_started = True

    def stop(self):
        if self.is_started:
            self.process.wait()
            self.is_started = False


class Careless:
    def __init__(self, wanted):
        self.is_wanted = wanted

    def start(self):
        self.process = subprocess.Popen([sys.executable, "-c", ""])

    def stop(self):
        if self.is_wanted:
            self.process.wait()


class TestChild(unittest.TestCase):
    def test_stopped(self):
        child = Child()
        child.start()
        try:
            self.assertTrue(child.is_started)
        finally:
            child.stop()

    def test_stopped_if_somebody_wants_it(self):
        child = Careless(False)
        child.start()  # expect: never-released "child.process"
        try:
            self.assertTrue(child.process.pid)
        finally:
            child.stop()
