"""Putting back what was there before: also under a test of the saved value, in parts, and by a manager of the tests' own."""

import gc
import operator
import os
import signal
import sys
import unittest


class TestCollector(unittest.TestCase):
    def test_switched_on_again(self):
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            self.assertFalse(gc.isenabled())
        finally:
            if was_enabled:
                gc.enable()

    def test_registered_if_it_was_on(self):
        if gc.isenabled():
            self.addCleanup(gc.enable)
        gc.disable()
        self.assertFalse(gc.isenabled())

    def test_only_sometimes(self):
        gc.disable()  # expect: never-released
        if sys.flags.verbose:
            gc.enable()


class TestHandler(unittest.TestCase):
    before = None

    def setUp(self):
        if hasattr(signal, "SIGALRM"):
            self.before = signal.signal(signal.SIGALRM, signal.SIG_IGN)

    def tearDown(self):
        if self.before is not None:
            signal.signal(signal.SIGALRM, self.before)

    def test_ignored(self):
        self.assertEqual(signal.SIG_IGN, signal.getsignal(signal.SIGALRM))


class TestLookedUpWithDefault(unittest.TestCase):
    def test_stays_where_it_was_not_set(self):
        before = os.environ.get("CAMPSITE_SAMPLE_HOME")
        os.environ["CAMPSITE_SAMPLE_HOME"] = "1"  # expect: never-released
        if before is not None:
            os.environ["CAMPSITE_SAMPLE_HOME"] = before

    def test_with_all_that_was_saved(self):
        saved = {}
        for name in ("CAMPSITE_LANG", "CAMPSITE_ZONE"):
            if name in os.environ:
                saved[name] = os.environ[name]
                del os.environ[name]
        os.environ["CAMPSITE_LANG"] = "C"
        try:
            self.assertEqual("C", os.environ["CAMPSITE_LANG"])
        finally:
            for name in saved:
                os.environ[name] = saved[name]
            if "CAMPSITE_LANG" not in saved:
                del os.environ["CAMPSITE_LANG"]

    def test_deleted_by_cleanup(self):
        os.environ["CAMPSITE_OTHER"] = "1"
        self.addCleanup(operator.delitem, os.environ, "CAMPSITE_OTHER")
        self.assertEqual("1", os.environ["CAMPSITE_OTHER"])


class Modules:
    """Puts sys.modules back."""

    def __enter__(self):
        self.before = dict(sys.modules)

    def __exit__(self, *details):
        sys.modules.clear()
        sys.modules.update(self.before)


def test_own_manager():
    with Modules():
        sys.modules["campsite_sample"] = sys
        assert "campsite_sample" in sys.modules


def test_last_folder():
    sys.path.append("")
    try:
        assert "" in sys.path
    finally:
        del sys.path[-1]


class TestTimer(unittest.TestCase):
    timer = None

    def tearDown(self):
        if self.timer is not None:
            signal.setitimer(self.timer, 0)

    def test_far_away(self):
        self.timer = signal.ITIMER_REAL
        signal.setitimer(self.timer, 60)
        self.assertGreater(signal.getitimer(self.timer)[0], 0)
