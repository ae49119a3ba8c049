"""What is registered does not release: another function, another object, the result of a call, one branch only."""

import os
import shutil
import socket
import tempfile
import unittest
from contextlib import ExitStack

SHOW_FAULTS = "SHOW_FAULTS" in os.environ


class TestWrong(unittest.TestCase):
    def test_another_method(self):
        file = open(os.devnull, "w")  # expect: never-released
        self.addCleanup(file.flush)
        self.assertTrue(file.writable())

    def test_in_one_branch_only(self):
        connection = socket.socket()  # expect: never-released
        if os.name == "nt":
            self.addCleanup(connection.close)
        self.assertGreater(connection.fileno(), 0)

    def test_only_the_second(self):
        first = tempfile.mkdtemp()  # expect: never-released
        second = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, second)
        self.assertNotEqual(first, second)

    def test_lambda_reads_the_name_when_it_runs(self):
        file = open(os.devnull)  # expect: overwritten-while-held
        self.addCleanup(lambda: file.close())
        file = open(os.devnull)
        self.assertEqual("", file.read())

    @unittest.skipUnless(SHOW_FAULTS, "a cleanup that is None cannot be called")
    def test_called_at_once(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree(folder))  # expect: cleanup-called-not-registered
        self.assertFalse(os.path.exists(folder))

    @unittest.skipUnless(SHOW_FAULTS, "a callback that is None cannot be called")
    def test_called_at_once_on_a_stack(self):
        with ExitStack() as stack:
            connection = socket.socket()
            stack.callback(connection.close())  # expect: cleanup-called-not-registered
            self.assertEqual(-1, connection.fileno())

    def test_stack_that_nobody_closes(self):
        stack = ExitStack()
        file = stack.enter_context(open(os.devnull))  # expect: never-released
        self.assertEqual("", file.read())

    def test_stack_emptied_and_dropped(self):
        with ExitStack() as stack:
            file = stack.enter_context(open(os.devnull))  # expect: never-released
            stack.pop_all()
            self.assertEqual("", file.read())
