"""A setup makes a thread, a test starts it: from there on somebody has to wait for it."""

import threading
import time
import unittest


class StartedByATest(unittest.TestCase):
    def setUp(self):
        self.waited = threading.Thread(target=time.sleep, args=(0.01,))
        self.cut = threading.Thread(target=time.sleep, args=(0.01,))  # expect: leak-on-failure
        self.left = threading.Thread(target=time.sleep, args=(0.01,))  # expect: never-released
        self.unused = threading.Thread(target=time.sleep, args=(0.01,))

    def test_waited(self):
        self.waited.start()
        self.waited.join()

    def test_cut(self):
        self.cut.start()
        self.assertTrue(self.cut.daemon is False)
        self.cut.join()

    def test_left(self):
        self.left.start()

    def test_unused(self):
        self.assertFalse(self.unused.is_alive())


class WaitedForByTheTeardown(unittest.TestCase):
    def setUp(self):
        self.thread = threading.Thread(target=time.sleep, args=(0.01,))

    def tearDown(self):
        self.thread.join()

    def test_started(self):
        self.thread.start()
        self.assertTrue(self.thread.name)
