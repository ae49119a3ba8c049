"""A child process outlives the test that does not wait for it."""

import asyncio
import os
import subprocess
import sys
import time
import unittest

import pytest

NOTHING = [sys.executable, "-c", "pass"]


def test_never_waited_for():
    process = subprocess.Popen(NOTHING)  # expect: never-released
    assert process.pid > 0


def test_waited_for_after_an_assertion():
    process = subprocess.Popen(NOTHING)  # expect: leak-on-failure [pid]
    assert process.pid > 0  # step [pid]: raise
    process.wait()


def test_spawned_and_never_waited_for():
    pid = os.posix_spawn(sys.executable, NOTHING, os.environ)  # expect: never-released
    assert pid > 0


def test_spawned_and_waited_for():
    pid = os.posix_spawn(sys.executable, NOTHING, os.environ)
    assert os.waitpid(pid, 0)[0] == pid


def test_a_pipe_closed_end_by_end():
    read_end, write_end = os.pipe()
    try:
        assert os.write(write_end, b"x") == 1
    finally:
        os.close(read_end)
        os.close(write_end)


def test_with():
    with subprocess.Popen(NOTHING) as process:
        assert process.pid > 0


def test_waited_for_at_once():
    process = subprocess.Popen(NOTHING)
    assert process.wait() == 0


def test_finished_in_one_call():
    assert subprocess.run(NOTHING, check=False).returncode == 0


def test_output_read_to_the_end():
    process = subprocess.Popen(NOTHING, stdout=subprocess.PIPE)
    output, _ = process.communicate()
    assert output == b""


def test_finally():
    process = subprocess.Popen(NOTHING)
    try:
        assert process.pid > 0
    finally:
        process.wait()


def test_asked_until_there_is_an_answer():
    process = subprocess.Popen(NOTHING)  # expect: leak-on-failure "when the assertion on line 81 fails"
    for _ in range(1000):
        code = process.poll()
        if code is not None:
            assert code == 0
            return
        time.sleep(0.01)
    pytest.fail("it runs and runs")


class TestProcess(unittest.TestCase):
    def test_registered(self):
        process = subprocess.Popen(NOTHING)
        self.addCleanup(process.wait)
        self.assertGreater(process.pid, 0)

    def test_registered_late(self):
        process = subprocess.Popen(NOTHING)  # expect: late-registration
        self.assertGreater(process.pid, 0)
        self.addCleanup(process.wait)

    def test_a_subtest_fails_for_whatever_is_raised(self):
        for name in ("PATH",):
            with self.subTest(name=name):
                process = subprocess.Popen(NOTHING)  # expect: leak-on-failure "when line 99 raises"
                os.environ[name].index(os.sep)
                process.wait()

class TestAwaited(unittest.IsolatedAsyncioTestCase):
    async def test_cure_enters_nothing(self):
        """A child of asyncio's is no manager."""
        child = await asyncio.create_subprocess_exec(*NOTHING)  # expect: leak-on-failure "process child"
        self.assertGreater(child.pid, 0)
        await child.wait()
