"""A base class that opens, closes, and makes things for the tests of other files."""

import os
import tempfile
import unittest


class FolderCase(unittest.TestCase):
    def setUp(self):
        super().setUp()
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        self.file = None

    def tearDown(self):
        if self.file is not None:
            self.file.close()
        super().tearDown()

    def make_file(self, name):
        """Made for the test, closed with the test."""
        file = open(os.path.join(self.folder, name), "w")
        self.addCleanup(file.close)
        return file
