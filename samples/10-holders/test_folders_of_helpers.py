"""A folder that a helper makes and has cleaned up takes along what is made in it; a path in other letters is the same path."""

import os
import shutil
import tempfile
import unittest


class Folders(unittest.TestCase):
    def folder(self):
        made = tempfile.mkdtemp(dir=os.getcwd())
        self.addCleanup(shutil.rmtree, made)
        return made


class TestInTheFolderOfAHelper(Folders):
    def test_each(self):
        for name in ("a", "b"):
            with self.subTest(name=name):
                folder = self.folder()
                fd, path = tempfile.mkstemp(dir=folder)
                os.close(fd)
                self.assertTrue(path.startswith(folder))

    def test_in_a_folder_of_its_own(self):
        folder = tempfile.mkdtemp()  # expect: never-released "temporary directory folder"
        fd, path = tempfile.mkstemp(dir=folder)  # It goes with the folder, of which it is said.
        os.close(fd)


class TestInLowerCase(unittest.TestCase):
    def setUp(self):
        fd, path = tempfile.mkstemp()
        self.path = path.lower()
        os.close(fd)

    def tearDown(self):
        if os.path.exists(self.path):
            os.remove(self.path)

    def test_there(self):
        self.assertTrue(self.path)
