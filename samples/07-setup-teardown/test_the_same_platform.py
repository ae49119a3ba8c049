"""What setUp opens where the machine has it, tearDown closes where the machine has it: the answer is the same."""

import os
import socket
import sys
import unittest

HAS_UNIX = hasattr(socket, "AF_UNIX")


class TestConstant(unittest.TestCase):
    def setUp(self):
        if HAS_UNIX:
            self.local = socket.socket(socket.AF_UNIX)

    def tearDown(self):
        if HAS_UNIX:
            self.local.close()

    def test_local(self):
        self.assertTrue(HAS_UNIX)


class TestQuestion(unittest.TestCase):
    def setUp(self):
        if sys.platform != "win32" and hasattr(os, "devnull"):
            self.log = open(os.devnull)

    def tearDown(self):
        if sys.platform != "win32" and hasattr(os, "devnull"):
            self.log.close()

    def test_log(self):
        self.assertIsNotNone(self.log)


class TestAnotherQuestion(unittest.TestCase):
    def setUp(self):
        if sys.platform != "win32":
            self.log = open(os.devnull)  # expect: never-released

    def tearDown(self):
        if sys.platform == "cygwin":
            self.log.close()

    def test_log(self):
        self.assertIsNotNone(self.log)
