"""What an attribute of the class names is made when it is called; a file below an archive stays the test's; a double in a patch is no double."""

import os
import selectors
import unittest
import zipfile
from concurrent import futures
from unittest import mock


class Base:
    def test_never_closed(self):
        selector = self.selector_type()  # expect: never-released
        self.assertEqual({}, dict(selector.get_map()))

    def test_closed(self):
        selector = self.selector_type()
        self.addCleanup(selector.close)
        self.assertEqual({}, dict(selector.get_map()))


class TestSelect(Base, unittest.TestCase):
    selector_type = getattr(selectors, "SelectSelector", None)


class TestPool(unittest.TestCase):
    executor_type = futures.ThreadPoolExecutor

    def setUp(self):
        self.executor = self.executor_type(max_workers=1)

    def tearDown(self):
        self.executor.shutdown()

    def test_runs(self):
        self.assertEqual(3, self.executor.submit(max, 1, 3).result())


class TestFileBelowAnArchive(unittest.TestCase):
    path = os.path.join(os.path.dirname(__file__), "campsite-sample-%d.zip" % os.getpid())

    def setUp(self):
        with zipfile.ZipFile(self.path, "w") as archive:
            archive.writestr("name", "text")
        self.addCleanup(os.unlink, self.path)

    def test_the_archive_is_closed_the_file_is_not(self):
        file = open(self.path, "rb")  # expect: never-released
        with zipfile.ZipFile(file) as archive:
            self.assertEqual(["name"], archive.namelist())

    def test_both_are_closed(self):
        with open(self.path, "rb") as file, zipfile.ZipFile(file) as archive:
            self.assertEqual(["name"], archive.namelist())

    def test_a_path_in_it_keeps_nothing(self):
        archive = zipfile.ZipFile(self.path)  # expect: never-released
        self.assertTrue(zipfile.Path(archive).is_dir())


class TestDoubles(unittest.TestCase):
    def test_a_patch_with_a_double_is_a_patch(self):
        double = mock.Mock()
        patcher = mock.patch("os.getcwd", double)  # expect: leak-on-failure
        patcher.start()
        self.assertIs(double, os.getcwd)
        patcher.stop()
