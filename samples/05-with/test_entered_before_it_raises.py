"""What has to raise is what the innermost body does, not the entering of what it is done with."""

import os
import unittest


class Client:
    def __enter__(self):
        self.name = os.environ.get("SAMPLE_CLIENT", "client")
        self.port = int(os.environ.get("SAMPLE_PORT", "80"))
        return self

    def __exit__(self, *exc_info):
        return None

    def ask(self, file):
        file.close()
        raise LookupError(self.name)


class TestAsked(unittest.TestCase):
    def test_asked(self):
        file = open(os.devnull)  # expect: leak-on-failure
        with self.assertRaises(LookupError):
            with Client() as client:
                client.ask(file)
