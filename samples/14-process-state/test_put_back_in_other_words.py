"""State is put back by other means than the value that was saved: by the module itself, by an arm that asks what it was, by a default."""

import asyncio
import contextlib
import faulthandler
import gc
import json
import logging
import os
import signal
import sys
import threading
import unittest
from unittest import mock

import pytest


class TestTheModuleItself(unittest.TestCase):
    def setUp(self):
        sys.modules["json"] = None

    def tearDown(self):
        sys.modules["json"] = json

    def test_gone(self):
        self.assertIsNone(sys.modules["json"])


class TestAnotherModule(unittest.TestCase):
    def setUp(self):
        sys.modules["campsite_json"] = json  # expect: never-released "sys.modules"

    def test_there(self):
        self.assertIs(json, sys.modules["campsite_json"])


class TestAnArmAsksWhatItWas(unittest.TestCase):
    def test_switched_on(self):
        was_on = gc.isenabled()
        gc.enable()
        try:
            self.assertTrue(gc.isenabled())
        finally:
            if not was_on:
                gc.disable()

    def test_both_arms(self):
        was_on = faulthandler.is_enabled()
        faulthandler.disable()
        try:
            self.assertFalse(faulthandler.is_enabled())
        finally:
            if was_on:
                faulthandler.enable()

    def test_one_arm_sets_it_again(self):
        was_on = faulthandler.is_enabled()
        try:
            faulthandler.enable()
            self.assertTrue(faulthandler.is_enabled())
        finally:
            if was_on:
                faulthandler.enable()
            else:
                faulthandler.disable()

    def test_stays_off_where_it_was_on(self):
        was_on = gc.isenabled()
        try:
            gc.disable()  # expect: leak-on-failure "the collector's switch"
            self.assertFalse(gc.isenabled())
            gc.enable()
            self.assertTrue(gc.isenabled())
        finally:
            if not was_on:
                gc.disable()

    def test_the_first_change_is_none(self):
        was_on = gc.isenabled()
        if was_on:
            gc.disable()  # expect: never-released "the collector's switch"


class TestCleanups(unittest.TestCase):
    def test_set_to_something_harmless(self):
        sys.settrace(lambda *event: None)
        self.addCleanup(sys.settrace, lambda *event: None)
        self.assertTrue(sys.flags)


class TestDefaults(unittest.TestCase):
    def test_stack_size(self):
        threading.stack_size(0x100000)
        threading.stack_size(0)

    @unittest.skipIf(threading.active_count(), "would stay")
    def test_stack_size_stays(self):
        threading.stack_size(0x100000)  # expect: never-released "stack size of threads"

    def test_a_policy_takes_the_loop_along(self):
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        asyncio.set_event_loop(loop)
        self.addCleanup(asyncio.set_event_loop_policy, None)


def maybe_get_event_loop_policy():
    return None


class TestSomebodysOwnGetter(unittest.TestCase):
    def test_put_back(self):
        policy = maybe_get_event_loop_policy()
        try:
            asyncio.run(asyncio.sleep(0))
        finally:
            asyncio.set_event_loop_policy(policy)


@contextlib.contextmanager
def import_state(**changes):
    kept = {}
    for name, value in changes.items():
        kept[name] = getattr(sys, name)
        setattr(sys, name, value)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(sys, name, value)


class TestAllThatWasKept(unittest.TestCase):
    def setUp(self):
        self.enterContext(import_state(path=list(sys.path)))

    def test_appended(self):
        sys.path.append("portion")
        self.assertIn("portion", sys.path)


class TestAStartedPatch(unittest.TestCase):
    def setUp(self):
        self.env = mock.patch.dict(os.environ)
        self.env.start()
        other = mock.patch("sys.path_hooks", [])
        other.start()
        self.addCleanup(other.stop)

    def tearDown(self):
        self.env.stop()

    def test_variable(self):
        os.environ["CAMPSITE_STARTED"] = "1"

    def test_arguments(self):
        sys.argv = ["campsite"]  # expect: never-released "sys.argv"


@pytest.fixture(scope="session", autouse=True)
def variables_of_the_session():
    os.environ["CAMPSITE_SESSION"] = "1"  # ledger: environment managed


class TestCures(unittest.TestCase):
    def test_factory(self):
        logging.setLogRecordFactory(lambda *a, **k: logging.LogRecord(*a, **k))  # expect: never-released "factory of log records"

    def test_handler(self):
        old = signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # expect: never-released "signal handler signal.SIGUSR1 is never"
        self.assertIsNotNone(old)
