"""The environment belongs to the process: what one test sets, the next test reads."""

import os
import unittest
from unittest import mock

NAME = "CAMPSITE_SAMPLE"


class TestEnvironment(unittest.TestCase):
    def test_never_restored(self):
        os.environ["CAMPSITE_SAMPLE"] = "1"  # expect: never-released
        self.assertEqual("1", os.environ["CAMPSITE_SAMPLE"])

    def test_restored_after_an_assertion(self):
        os.environ["CAMPSITE_OTHER"] = "1"  # expect: leak-on-failure
        self.assertEqual("1", os.environ["CAMPSITE_OTHER"])
        del os.environ["CAMPSITE_OTHER"]

    def test_restored_finally(self):
        os.environ["CAMPSITE_OTHER"] = "1"
        try:
            self.assertEqual("1", os.environ["CAMPSITE_OTHER"])
        finally:
            del os.environ["CAMPSITE_OTHER"]

    def test_registered(self):
        os.environ["CAMPSITE_OTHER"] = "1"
        self.addCleanup(os.environ.pop, "CAMPSITE_OTHER")
        self.assertEqual("1", os.environ["CAMPSITE_OTHER"])

    def test_patched(self):
        with mock.patch.dict(os.environ, {"CAMPSITE_OTHER": "1"}):
            os.environ["CAMPSITE_THIRD"] = "2"
            self.assertEqual("1", os.environ["CAMPSITE_OTHER"])

    @mock.patch.dict(os.environ)
    def test_decorated(self):
        os.environ["CAMPSITE_OTHER"] = "1"
        self.assertEqual("1", os.environ["CAMPSITE_OTHER"])


def test_monkeypatch(monkeypatch):
    monkeypatch.setenv(NAME, "1")
    assert os.environ[NAME] == "1"


class TestAnotherEnvironment(unittest.TestCase):
    def setUp(self):
        self.before = os.environ
        os.environ = dict(os.environ)

    def tearDown(self):
        os.environ = self.before

    def test_what_is_set_goes_with_it(self):
        os.environ["CAMPSITE_OTHER"] = "1"
        self.assertEqual("1", os.environ["CAMPSITE_OTHER"])


class TestAnotherEnvironmentForGood(unittest.TestCase):
    def test_never_put_back(self):
        os.environ = os.environ.copy()  # expect: never-released
        self.assertIn("PATH", os.environ)
