"""Steps of a teardown before the one that matters: what was collected is taken and closed, and that fails for no reason of the test's."""

import os
import signal
import unittest


class TestCollectedFiles(unittest.TestCase):
    def setUp(self):
        self.opened = []
        self.limit = os.environ.get("SAMPLE_LIMIT")
        os.environ["SAMPLE_LIMIT"] = "8"

    def tearDown(self):
        while self.opened:
            self.opened.pop().close()
        if self.limit is None:
            del os.environ["SAMPLE_LIMIT"]
        else:
            os.environ["SAMPLE_LIMIT"] = self.limit

    def test_limit(self):
        self.opened.append(open(os.devnull))
        self.assertEqual("8", os.environ["SAMPLE_LIMIT"])


class TestJournal(unittest.TestCase):
    def setUp(self):
        self.journal = []
        self.before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # expect: cleanup-chain-broken [journal]

    def tearDown(self):
        self.journal.index("written")  # step [journal]: raise
        signal.signal(signal.SIGUSR1, self.before)

    def test_journal(self):
        self.journal.append("written")
        self.assertEqual(signal.SIG_IGN, signal.getsignal(signal.SIGUSR1))
