"""An open file is no text: what a helper does with text it does not do with a file. What is held under a name is there to be asked for."""

import os
import tempfile
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


class TestAskedInOtherWords(unittest.TestCase):
    def test_true_and_not_none(self):
        for path in (os.devnull, None):
            if path:
                file = open(path)
            if path is not None:
                file.close()
        self.assertTrue(file.closed)


class TestAskedForItsName(unittest.TestCase):
    def setUp(self):
        self.path = self.make()

    def make(self):
        fd, path = tempfile.mkstemp()
        os.close(fd)
        return path

    def tearDown(self):
        if hasattr(self, "path") and os.path.exists(self.path):
            os.unlink(self.path)

    def test_path(self):
        self.assertTrue(self.path)
