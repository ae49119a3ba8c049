"""Files that are closed, only not by a with statement around them: none of this is a leak."""

import os
import shutil
import socket
import tempfile
import unittest
from contextlib import ExitStack, closing

from stack_tools import Log, connect_on, open_on


class TestAddCleanup(unittest.TestCase):
    def test_cleanup(self):
        file = open(os.devnull)
        self.addCleanup(file.close)
        self.assertEqual("", file.read())

    def test_cleanup_of_a_folder(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        with open(os.path.join(folder, "data"), "w") as file:
            file.write("x")
        self.assertEqual(["data"], os.listdir(folder))

    def test_finally(self):
        file = open(os.devnull)
        try:
            self.assertEqual("", file.read())
        finally:
            file.close()

    def test_closed_in_the_same_expression(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "marker")
        open(path, "w").close()
        self.assertTrue(os.path.exists(path))


class TestTearDown(unittest.TestCase):
    def setUp(self):
        self.file = open(os.devnull)

    def tearDown(self):
        self.file.close()

    def test_file(self):
        self.assertEqual("", self.file.read())


class TestExitStack(unittest.TestCase):
    def test_with(self):
        with ExitStack() as stack:
            file = stack.enter_context(open(os.devnull))
            self.assertEqual("", file.read())

    def test_passed_in(self):
        with ExitStack() as stack:
            self.assertEqual("", open_on(stack).read())
            self.assertGreater(connect_on(stack).fileno(), 0)

    def test_own_stack_of_the_test(self):
        self.stack = ExitStack()
        self.addCleanup(self.stack.close)
        file = self.stack.enter_context(open(os.devnull))
        self.assertEqual("", file.read())


class TestOwner(unittest.TestCase):
    def test_owner_closed_by_cleanup(self):
        log = Log(os.devnull)
        self.addCleanup(log.close)
        log.write("x")
        self.assertIsNotNone(log)

    def test_owner_with(self):
        with Log(os.devnull) as log:
            log.write("x")
            self.assertIsNotNone(log)

    def test_owner_closing(self):
        with closing(Log(os.devnull)) as log:
            log.write("x")
            self.assertIsNotNone(log)

    def test_file_object_of_a_socket(self):
        with socket.socket() as connection:
            with connection.makefile("rb") as stream:
                self.assertTrue(stream.readable())


class Hanger:
    """Hangs up by itself when it is refused."""

    def __init__(self):
        self.sock = socket.socket()

    def ask(self):
        self.sock.close()
        self.sock = None
        raise ConnectionError


class TestHungUp(unittest.TestCase):
    def test_the_socket_is_gone(self):
        hanger = Hanger()
        with self.assertRaises(ConnectionError):
            hanger.ask()
        self.assertIsNone(hanger.sock)

    def test_the_descriptor_goes_with_the_file(self):
        read_end, write_end = os.pipe()
        os.close(write_end)
        with open(read_end, "rb", closefd=True) as file:
            self.assertEqual(b"", file.read())


class TestJoinedWithNothing(unittest.TestCase):
    def test_the_same_folder(self):
        folder = os.path.join(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        self.assertTrue(os.path.isdir(folder))
