"""A cleanup binds the method of the patch that the name means then; a lambda means whatever has the name when it runs, its defaults what had it when it was made."""

import os
import unittest
from unittest import mock


class TestManyPatches(unittest.TestCase):
    def test_registered_before_it_starts(self):
        for name in ["os.getcwd", "os.getpid"]:
            patcher = mock.patch(name)
            self.addCleanup(patcher.stop)
            patcher.start()
        self.assertIsInstance(os.getcwd(), mock.Mock)

    def test_two_by_one_name(self):
        patcher = mock.patch("os.getcwd")
        self.addCleanup(patcher.stop)
        patcher.start()
        patcher = mock.patch("os.getpid")
        self.addCleanup(patcher.stop)
        patcher.start()
        self.assertIsInstance(os.getcwd(), mock.Mock)

    def test_kept_by_a_default(self):
        for name in ["os.getcwd", "os.getpid"]:
            patcher = mock.patch(name)
            self.addCleanup(lambda patcher=patcher: patcher.stop())
            patcher.start()
        self.assertIsInstance(os.getcwd(), mock.Mock)

    @unittest.skipUnless("SHOW_FAULTS" in os.environ, "the patches stay")
    def test_looked_up_when_it_runs(self):
        for name in ["os.getcwd", "os.getpid"]:
            patcher = mock.patch(name)  # expect: overwritten-while-held
            self.addCleanup(lambda: patcher.stop())
            patcher.start()

    @unittest.skipUnless("SHOW_FAULTS" in os.environ, "the patches stay")
    def test_never_stopped(self):
        for name in ["os.getcwd", "os.getpid"]:
            patcher = mock.patch(name)  # expect: overwritten-while-held
            patcher.start()
