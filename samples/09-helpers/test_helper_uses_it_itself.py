"""What a helper only uses is nobody else's; what it uses and hands on as well is the caller's."""

import os
import shutil
import tempfile
import unittest


class ReaderCase(unittest.TestCase):
    mode = None

    def read(self):
        with open(os.devnull, self.mode or "r") as file:
            text = file.read()
            return text.strip()

    def first_line(self):
        with open(os.devnull, self.mode or "r") as file:
            opened = file
            return opened.readline()

    def folder_as_written(self):
        folder = tempfile.mkdtemp()
        return folder.replace("//", "/")

    def kept(self):
        with open(os.devnull) as closed:
            closed.read()
        folder = tempfile.mkdtemp()
        self.folder = folder
        return folder.replace("//", "/")


class TestBytes(ReaderCase):
    mode = "rb"

    def test_reads(self):
        assert not self.read()
        assert not self.first_line()

    def test_takes_the_folder(self):
        folder = self.folder_as_written()  # expect: leak-on-failure
        assert os.listdir(folder) == []
        shutil.rmtree(folder)


class TestText(ReaderCase):
    def test_finds_the_folder(self):
        self.kept()  # expect: leak-on-failure
        assert not self.read()
        shutil.rmtree(self.folder)
