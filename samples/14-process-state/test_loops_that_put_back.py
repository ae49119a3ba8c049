"""A loop over what was saved puts back what was there. What was not there stays, unless the loop can take it away as well."""

import os
import unittest


class PutsBackWhatWasThere(unittest.TestCase):
    def setUp(self):
        self.saved = {key: value for key, value in os.environ.items() if "PROXY" in key}

    def tearDown(self):
        for key, value in self.saved.items():
            os.environ[key] = value

    def test_adds_one(self):
        os.environ["CAMPSITE_NO_PROXY"] = "localhost"  # expect: never-released
        self.assertIn("CAMPSITE_NO_PROXY", os.environ)


class TakesAwayToo(unittest.TestCase):
    def setUp(self):
        self.saved = {key: os.environ.get(key) for key in ("CAMPSITE_HTTP_PROXY", "CAMPSITE_FTP_PROXY")}

    def tearDown(self):
        for key, value in self.saved.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value

    def test_sets_one(self):
        os.environ["CAMPSITE_HTTP_PROXY"] = "localhost"
        self.assertIn("CAMPSITE_HTTP_PROXY", os.environ)
