"""What a test returns goes to nobody: only a helper's caller gets it."""

import os
import unittest


class TestHeader(unittest.TestCase):
    def opened(self):
        return open(os.devnull)

    @unittest.skipIf(os.name == "nt", "needs a null device")
    def test_of_a_helper(self):
        file = self.opened()  # expect: never-released
        self.assertEqual("", file.read())
        return file

    def test_closed_first(self):
        file = self.opened()
        try:
            return file.read()
        finally:
            file.close()
