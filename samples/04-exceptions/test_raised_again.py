"""What a handler raises again is as likely as what it has caught, and that is what a message names."""

import os
import tempfile
import unittest


class TestAgain(unittest.TestCase):
    def test_the_call_is_named(self):
        file = open(os.devnull)  # expect: leak-on-failure "line 12 raises"
        try:
            limit = int(os.environ.get("SAMPLE_LIMIT", "1"))
        except ValueError:
            print("no number")
            raise
        file.close()
        self.assertEqual(limit, 1)

    def made(self):
        fd, path = tempfile.mkstemp()
        try:
            os.write(fd, b"text")
        except OSError:
            os.unlink(path)
            raise
        os.close(fd)
        return path

    def test_only_a_full_disk(self):
        os.unlink(self.made())
