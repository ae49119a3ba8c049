"""A cleanup that removes the folder above removes what lies in it, however the path ends."""

import os
import shutil
import tempfile
import unittest


def made_in_a_new_folder(name):
    return os.path.join(tempfile.mkdtemp(), name)


class TestFolderAbove(unittest.TestCase):
    def test_path_without_its_end(self):
        path = made_in_a_new_folder("shop")

        def clean():
            shutil.rmtree(os.path.dirname(path.rstrip(os.sep)))

        self.addCleanup(clean)
        self.assertFalse(os.path.exists(path))

    def test_path_of_another_name(self):
        path = made_in_a_new_folder("shop")  # expect: never-released
        self.assertFalse(os.path.exists(path))
