"""A cleanup registered on the line after the acquisition runs whatever happens later."""

import functools
import os
import shutil
import socket
import tempfile
import unittest
from contextlib import ExitStack


class TestAddCleanup(unittest.TestCase):
    def test_method_of_the_object(self):
        file = open(os.devnull)
        self.addCleanup(file.close)
        self.assertEqual("", file.read())

    def test_function_and_argument(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.assertEqual([], os.listdir(folder))

    def test_function_with_keywords(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.assertEqual([], os.listdir(folder))

    def test_lambda(self):
        connection = socket.socket()
        self.addCleanup(lambda: connection.close())
        self.assertGreater(connection.fileno(), 0)

    def test_partial(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(functools.partial(shutil.rmtree, folder))
        self.assertEqual([], os.listdir(folder))

    def test_nested_function(self):
        connection = socket.socket()

        def close():
            connection.close()

        self.addCleanup(close)
        self.assertGreater(connection.fileno(), 0)

    def test_nested_function_defined_and_registered_before(self):
        connection = None

        def close():
            if connection is not None:
                connection.close()

        self.addCleanup(close)
        connection = socket.socket()
        self.assertGreater(connection.fileno(), 0)

    def test_own_method(self):
        self.connection = socket.socket()
        self.addCleanup(self.disconnect)
        self.assertGreater(self.connection.fileno(), 0)

    def disconnect(self):
        self.connection.close()

    def test_two_of_them(self):
        first = open(os.devnull)
        self.addCleanup(first.close)
        second = open(os.devnull)
        self.addCleanup(second.close)
        self.assertNotEqual(first.fileno(), second.fileno())

    def test_bound_object_survives_another_use_of_the_name(self):
        file = open(os.devnull)
        self.addCleanup(file.close)
        file = open(os.devnull)
        self.addCleanup(file.close)
        self.assertEqual("", file.read())


class TestExitStack(unittest.TestCase):
    def test_callback(self):
        with ExitStack() as stack:
            folder = tempfile.mkdtemp()
            stack.callback(shutil.rmtree, folder)
            self.assertEqual([], os.listdir(folder))

    def test_enter_context(self):
        with ExitStack() as stack:
            file = stack.enter_context(open(os.devnull))
            self.assertEqual("", file.read())

    def test_push(self):
        with ExitStack() as stack:
            connection = socket.socket()
            stack.push(connection)
            self.assertGreater(connection.fileno(), 0)

    def test_stack_closed_by_a_cleanup(self):
        stack = ExitStack()
        self.addCleanup(stack.close)
        file = stack.enter_context(open(os.devnull))
        self.assertEqual("", file.read())

    def test_moved_to_another_stack(self):
        with ExitStack() as stack:
            stack.enter_context(open(os.devnull))
            kept = stack.pop_all()
            self.addCleanup(kept.close)
