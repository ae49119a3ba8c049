"""Children that are never made, tests that no Python runs, keys of what was taken apart."""

import subprocess
import sys
import unittest
from unittest import mock

ANSWER = {"role": {"id": 7}}


class NoChild(unittest.TestCase):
    def test_a_double_makes_the_child(self):
        with mock.patch.object(subprocess.Popen, "_execute_child") as made:
            child = subprocess.Popen(["true"])
            child.returncode = 0
            self.assertTrue(made.called)


class OfOldPythons(unittest.TestCase):
    @unittest.skipIf(sys.version_info >= (3,), "not ported")
    def test_of_an_old_python(self):
        self.log = open("log")
        self.assertTrue(self.log.readline())


def test_a_key_of_a_part(tmp_path):
    log = open(tmp_path / "log", "w")
    role = ANSWER["role"]
    number = role.get("id")
    log.close()
    assert number
