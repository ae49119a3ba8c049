"""Parts of process state: a handler of one signal is not put back by another's, what is there is asked before it is taken away."""

import codecs
import csv
import os
import signal
import sys
import unittest


def nothing(*_):
    return None


class TestTwoSignals(unittest.TestCase):
    def setUp(self):
        self.old = signal.signal(signal.SIGUSR1, nothing)

    def tearDown(self):
        signal.signal(signal.SIGUSR1, self.old)

    def test_the_other_handler_stays(self):
        signal.signal(signal.SIGUSR2, nothing)  # expect: never-released
        self.assertIsNotNone(signal.getsignal(signal.SIGUSR2))

    def test_the_same_handler_again(self):
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        self.assertIsNotNone(signal.getsignal(signal.SIGUSR1))

    def test_all_of_them(self):
        saved = {n: signal.getsignal(n) for n in (signal.SIGUSR1, signal.SIGUSR2)}
        signal.signal(signal.SIGUSR2, nothing)
        try:
            self.assertIsNotNone(signal.getsignal(signal.SIGUSR2))
        finally:
            for number, handler in saved.items():
                signal.signal(number, handler)

    def test_a_timer_whose_name_sounds_like_something_saved(self):
        signal.setitimer(signal.ITIMER_REAL, 60)  # expect: leak-on-failure
        self.assertTrue(signal.getitimer(signal.ITIMER_REAL))
        signal.setitimer(signal.ITIMER_REAL, 0)


class TestAskedBefore(unittest.TestCase):
    def setUp(self):
        os.environ["CAMPSITE_SAMPLE_PART"] = "1"
        sys.path.insert(0, "campsite-sample")

    def tearDown(self):
        if "CAMPSITE_SAMPLE_PART" in os.environ:
            del os.environ["CAMPSITE_SAMPLE_PART"]
        if "campsite-sample" not in sys.path:
            return
        sys.path.remove("campsite-sample")

    def test_set(self):
        self.assertIn("CAMPSITE_SAMPLE_PART", os.environ)


class TestAskedForSomethingElse(unittest.TestCase):
    def tearDown(self):
        if "CAMPSITE_SAMPLE_ASKED" in os.environ:
            self.assertEqual("1", os.environ["CAMPSITE_SAMPLE_ASKED"])

    def test_set(self):
        os.environ["CAMPSITE_SAMPLE_ASKED"] = "1"  # expect: never-released
        self.assertIn("CAMPSITE_SAMPLE_ASKED", os.environ)


class TestRegistries(unittest.TestCase):
    def test_a_codec_stays(self):
        codecs.register(nothing)  # expect: never-released
        self.assertTrue(codecs.lookup("utf-8"))

    def test_a_codec_is_taken_back(self):
        codecs.register(nothing)
        self.addCleanup(codecs.unregister, nothing)
        self.assertTrue(codecs.lookup("utf-8"))

    def test_a_dialect_stays_when_the_assertion_fails(self):
        csv.register_dialect("campsite-sample", delimiter=";")  # expect: leak-on-failure
        self.assertIn("campsite-sample", csv.list_dialects())
        csv.unregister_dialect("campsite-sample")

    def test_a_limit_is_put_back(self):
        old = csv.field_size_limit(10)
        self.addCleanup(csv.field_size_limit, old)
        self.assertEqual(10, csv.field_size_limit())

    def test_a_variable_put_and_unset(self):
        os.putenv("CAMPSITE_SAMPLE_PUT", "1")
        os.unsetenv("CAMPSITE_SAMPLE_PUT")
