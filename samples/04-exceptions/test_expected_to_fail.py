"""Where the test goes on to fail if there was something to open, it had expected nothing, and has nothing to close."""

import unittest


class TestMissing(unittest.TestCase):
    def test_else(self):
        try:
            open("/no/such/file")
        except OSError:
            pass
        else:
            self.fail("it is there")

    def test_next_statement(self):
        try:
            open("/no/such/file")
            self.fail("it is there")
        except OSError as error:
            self.assertEqual(2, error.errno)

    def test_nothing_is_caught(self):
        if not self.id():
            file = open("/no/such/file")  # expect: leak-on-failure
            self.fail("it is there")
            file.close()
