"""Something that may raise stands between the acquisition and its registration."""

import fnmatch
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from contextlib import ExitStack

ADDRESS = ("127.0.0.1", int(os.environ.get("SAMPLE_PORT", "0")))


def started():
    return subprocess.Popen([sys.executable, "-c", "pass", '{"number": 1}'])


def wait_for(child):
    return child.args.index(sys.executable)


def ended(child, number):
    child.wait()
    assert number >= 0


class TestLate(unittest.TestCase):
    def test_an_assertion_stands_between(self):
        file = open(os.devnull)  # expect: late-registration [assertion]
        self.assertEqual("", file.read())  # step [assertion]: raise
        self.addCleanup(file.close)

    def test_a_call_stands_between(self):
        connection = socket.socket()  # expect: late-registration [call]
        connection.bind(ADDRESS)  # step [call]: raise
        self.addCleanup(connection.close)
        self.assertGreater(connection.getsockname()[1], 0)

    def test_another_acquisition_stands_between(self):
        first = tempfile.mkdtemp()  # expect: late-registration [second]
        second = shutil.copytree(first, first + "-copy")  # step [second]: raise
        self.addCleanup(shutil.rmtree, second)
        self.addCleanup(shutil.rmtree, first)
        self.assertNotEqual(first, second)

    def test_only_a_full_disk_refuses_the_second(self):
        first = tempfile.mkdtemp()
        second = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, second)
        self.addCleanup(shutil.rmtree, first)
        self.assertNotEqual(first, second)

    def test_what_the_cleanup_must_know(self):
        child = started()
        answer = json.loads(child.args[-1])
        if fnmatch.fnmatch(child.args[-1], "{*}"):
            number = answer.get("number")
        else:
            number = shlex.split(child.args[-1])[0]
        self.addCleanup(ended, child, number)
        self.assertEqual(1, number)

    def test_two_that_are_registered_together(self):
        children = [started(), started()]  # expect: late-registration
        for child in children:
            self.addCleanup(ended, child, 0)
        self.assertEqual(2, len(children))

    def test_waiting_is_more_than_that(self):
        child = started()  # expect: late-registration
        number = wait_for(child)
        self.addCleanup(ended, child, number)
        self.assertEqual(0, number)

    def test_registered_at_the_end(self):
        folder = tempfile.mkdtemp()  # expect: late-registration
        shutil.copytree(os.path.dirname(__file__), os.path.join(folder, "copy"))
        self.addCleanup(shutil.rmtree, folder)

    def test_a_new_folder_takes_files(self):
        folder = tempfile.mkdtemp()
        name = os.path.join(folder, "data")
        with open(name, "w") as file:
            file.write("x")
        self.assertLater(folder)

    def assertLater(self, folder):
        self.addCleanup(shutil.rmtree, folder)

    def test_pushed_late_on_a_stack(self):
        with ExitStack() as stack:
            connection = socket.socket()  # expect: leak-on-failure
            connection.bind(ADDRESS)
            stack.push(connection)
            self.assertGreater(connection.getsockname()[1], 0)
