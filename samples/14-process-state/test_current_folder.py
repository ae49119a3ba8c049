"""The current folder and the search path belong to the process, too."""

import os
import socket
import sys
import unittest


class TestFolder(unittest.TestCase):
    def test_restored_after_an_assertion(self):
        before = os.getcwd()
        os.chdir(os.sep)  # expect: leak-on-failure
        self.assertEqual(os.sep, os.getcwd())
        os.chdir(before)

    def test_restored_finally(self):
        before = os.getcwd()
        os.chdir(os.sep)
        try:
            self.assertEqual(os.sep, os.getcwd())
        finally:
            os.chdir(before)

    def test_registered(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(os.sep)
        self.assertEqual(os.sep, os.getcwd())

    def test_on_the_drive_of_a_file(self):
        drive = os.path.splitdrive(__file__)[0]
        if drive:
            os.chdir(drive)
        self.assertTrue(os.getcwd())

    def test_path_never_restored(self):
        sys.path.insert(0, "/nonexistent")  # expect: never-released
        self.assertIn("/nonexistent", sys.path)

    def test_only_lists_are_asked(self):
        names = ["b", "a"]
        sys.path.append("/nonexistent/3")
        names.sort()
        names.reverse()
        names.clear()
        sys.path.remove("/nonexistent/3")

    def test_path_restored(self):
        sys.path.insert(0, "/nonexistent/2")
        self.addCleanup(sys.path.remove, "/nonexistent/2")
        self.assertIn("/nonexistent/2", sys.path)

    def test_timeout_never_restored(self):
        socket.setdefaulttimeout(600)  # expect: never-released
        self.assertEqual(600, socket.getdefaulttimeout())

    def test_timeout_restored(self):
        socket.setdefaulttimeout(600)
        self.addCleanup(socket.setdefaulttimeout, None)
        self.assertEqual(600, socket.getdefaulttimeout())


def test_monkeypatch(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert os.getcwd() == str(tmp_path)
