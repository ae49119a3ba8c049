"""A mixin's hook runs in the classes that have it, with what their other bases clean up; by itself it is run by nobody."""

import unittest
from unittest import mock


class WithFakeFolder:
    def setUp(self):
        super().setUp()
        self.folder = mock.patch("os.getcwd", return_value="/").start()


class StopsAll(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(mock.patch.stopall)


class TestFolder(WithFakeFolder, StopsAll):
    def test_folder(self):
        self.assertIsNotNone(self.folder)


class FolderOfNobody:
    def setUp(self):
        self.folder = mock.patch("os.getcwd").start()
