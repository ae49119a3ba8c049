"""A program with tests of its own, which others run as a child: what it changes is gone with its process."""

import signal
import sys
import unittest


class TestSwitches(unittest.TestCase):
    def test_hook(self):
        sys.excepthook = print
        self.assertIs(sys.excepthook, print)

    def test_handler(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.assertEqual(signal.SIG_IGN, signal.getsignal(signal.SIGTERM))


if __name__ == "__main__":
    unittest.main()
