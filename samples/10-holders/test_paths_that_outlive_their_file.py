"""Closing a temporary file that is not deleted leaves its path on the disk; what lies in a folder of the test's own goes with the folder."""

import contextlib
import os
import shutil
import tempfile
import unittest
from unittest import mock


class TestNotDeleted(unittest.TestCase):
    def test_closed_only(self):
        log = tempfile.NamedTemporaryFile("w", delete=False)  # expect: never-released "temporary file on the disk log.name"
        log.close()
        self.assertTrue(os.path.exists(log.name))

    def test_left_by_the_block(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as log:  # expect: never-released "temporary file on the disk log.name"
            log.write("started")
        self.assertTrue(os.path.exists(log.name))

    def test_removed(self):
        log = tempfile.NamedTemporaryFile("w", delete=False)
        self.addCleanup(os.unlink, log.name)
        log.close()
        self.assertTrue(os.path.exists(log.name))

    def test_in_a_folder_below_one_of_its_own(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        part = os.path.join(folder, "part")
        os.mkdir(part)
        log = tempfile.NamedTemporaryFile("w", dir=part, delete=False)
        log.close()
        self.assertTrue(os.path.exists(log.name))


class TestFolderOfTheCaller(unittest.TestCase):
    def make(self, dir=None):
        if dir is None:
            dir = tempfile.gettempdir()
        return tempfile.TemporaryDirectory(dir=dir)

    def test_given(self):
        with tempfile.TemporaryDirectory() as around:
            inner = self.make(dir=around)
            self.assertTrue(os.path.exists(inner.name))

    def test_default(self):
        inner = self.make()  # expect: leak-on-failure "temporary directory inner"
        self.assertEqual([], os.listdir(inner.name))
        inner.cleanup()

    def test_dropped_and_gone(self):
        inner = self.make()
        name = inner.name
        del inner
        self.assertFalse(os.path.exists(name))


@contextlib.contextmanager
def in_a_folder_of_its_own():
    folder = tempfile.mkdtemp()
    try:
        with mock.patch.object(tempfile, "tempdir", folder):
            yield folder
    finally:
        shutil.rmtree(folder)


class TestMadeSomewhereElse(unittest.TestCase):
    def test_by_a_manager(self):
        with in_a_folder_of_its_own() as folder:
            inner = tempfile.mkdtemp()
            fd, path = tempfile.mkstemp()
            os.close(fd)
            self.assertTrue(inner.startswith(folder) and path.startswith(folder))


class TestMadeSomewhereElseByTheSetup(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(setattr, tempfile, "tempdir", tempfile.tempdir)
        tempfile.tempdir = self.folder

    def test_made(self):
        self.assertTrue(tempfile.mkdtemp().startswith(self.folder))
