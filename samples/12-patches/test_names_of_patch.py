"""`patch` is the same by whatever name it is imported: making one raises nothing, whoever the name comes from."""

import os
import unittest
import unittest.mock as doubles
from unittest.mock import patch


class TestMaking(unittest.TestCase):
    def test_by_its_own_name(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        patcher = patch.object(os, "getcwd")
        os.close(descriptor)
        with patcher:
            self.assertTrue(os.getcwd())

    def test_through_another_name_of_the_module(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        patcher = doubles.patch("os.getcwd")
        os.close(descriptor)
        with patcher:
            self.assertTrue(os.getcwd())

    def test_starting_fails_only_where_there_is_nothing_to_patch(self):
        first = patch("os.getcwd")
        first.start()
        second = patch("os.getpid")
        second.start()
        self.addCleanup(second.stop)
        self.addCleanup(first.stop)
        self.assertTrue(os.getcwd())
