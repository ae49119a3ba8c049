"""Restored is what is set again to what it was, however that is worked out."""

import gc
import os
import resource
import signal
import unittest

try:
    import resource as maybe_resource
except ImportError:
    maybe_resource = None


class TestCollector(unittest.TestCase):
    def test_switched_on_where_it_was_on(self):
        was_on = gc.isenabled()
        gc.disable()
        try:
            self.assertFalse(gc.isenabled())
        finally:
            if was_on:
                gc.enable()

    def test_switched_on_where_something_else_says_so(self):
        gc.disable()  # expect: never-released
        if os.environ.get("HOME"):
            gc.enable()


class TestCollectorOfTheCase(unittest.TestCase):
    def setUp(self):
        self.was_on = gc.isenabled()
        gc.disable()

    def tearDown(self):
        if self.was_on:
            gc.enable()

    def test_off(self):
        self.assertFalse(gc.isenabled())


class TestLimit(unittest.TestCase):
    def setUp(self):
        self.limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, self.limit[1]))

    def tearDown(self):
        hard = self.limit[1]
        soft = min(self.limit[0], hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_lowered(self):
        self.assertEqual(64, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


class TestLimitForGood(unittest.TestCase):
    def test_raised_to_the_hard_limit(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # expect: never-released
        self.assertLessEqual(soft, hard)

    def test_lowered_to_the_smaller(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 64), hard))  # expect: never-released
        self.assertLessEqual(soft, hard)


class TestLimitWhereThereIsOne(unittest.TestCase):
    def setUp(self):
        if maybe_resource is not None:
            self.limit = maybe_resource.getrlimit(resource.RLIMIT_NOFILE)
            maybe_resource.setrlimit(resource.RLIMIT_NOFILE, (64, self.limit[1]))

    def tearDown(self):
        if maybe_resource is not None:
            maybe_resource.setrlimit(resource.RLIMIT_NOFILE, self.limit)

    def test_lowered(self):
        self.assertTrue(self.limit)


class TestHandler(unittest.TestCase):
    def setUp(self):
        self.handler = signal.getsignal(signal.SIGCHLD)

    def tearDown(self):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if self.handler is not None:
            signal.signal(signal.SIGCHLD, self.handler)

    def test_ignored(self):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        self.assertEqual(signal.SIG_IGN, signal.getsignal(signal.SIGCHLD))


class TestHandlerForGood(unittest.TestCase):
    def test_ignored(self):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # expect: never-released
        self.assertEqual(signal.SIG_IGN, signal.getsignal(signal.SIGCHLD))


def setUpModule():
    global debug
    debug = gc.get_debug()
    gc.set_debug(debug & ~gc.DEBUG_SAVEALL)


def tearDownModule():
    gc.set_debug(debug)
