"""Trial runs the cleanups before tearDown: what a cleanup closed, tearDown finds closed."""

import os
import unittest as standard

from twisted.trial import unittest

SHOW_FAULTS = "SHOW_FAULTS" in os.environ


class TestTrialOrder(unittest.TestCase):
    def setUp(self):
        if not SHOW_FAULTS:
            raise unittest.SkipTest("tearDown writes to a closed file")
        self.log = open(os.devnull, "w")  # missing: use-after-release what a later phase does with a released resource is not followed
        self.addCleanup(self.log.close)

    def tearDown(self):
        self.log.write("end")

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestStandardOrder(standard.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")
        self.addCleanup(self.log.close)

    def tearDown(self):
        self.log.write("end")

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestTearDown(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")

    def tearDown(self):
        self.log.close()

    def test_log(self):
        self.assertTrue(self.log.writable())
