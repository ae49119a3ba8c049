"""The base class in another file closes self.file and what its factory made."""

import os

from base_cases import FolderCase


class TestFolder(FolderCase):
    def test_attribute(self):
        self.file = open(os.path.join(self.folder, "data"), "w")
        self.file.write("x")
        self.assertEqual(["data"], os.listdir(self.folder))

    def test_factory(self):
        file = self.make_file("data")
        file.write("x")
        self.assertEqual(["data"], os.listdir(self.folder))

    def test_two_of_the_factory(self):
        names = ["a", "b"]
        for name in names:
            self.make_file(name).write(name)
        self.assertEqual(names, sorted(os.listdir(self.folder)))
