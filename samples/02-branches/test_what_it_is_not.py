"""An open file is no text: what a helper does with text it does not do with a file."""

import os
import unittest


def read(source):
    if isinstance(source, (str, bytes)):
        return source
    text = source.read()
    source.close()
    return text


def read_paths_only(source):
    if not isinstance(source, str):
        return None
    return source


class TestSource(unittest.TestCase):
    def test_closed_by_the_helper(self):
        self.assertEqual(b"", read(open(os.devnull, "rb")))  # expect: leak-on-failure

    def test_nobody_closes_it(self):
        file = open(os.devnull, "rb")  # expect: never-released
        self.assertIsNone(read_paths_only(file))
