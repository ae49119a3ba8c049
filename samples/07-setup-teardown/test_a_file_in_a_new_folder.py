"""Writing a new file into a folder that the test has made fails where the disk is full, and for no reason of the test's."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest


class TestConfiguration(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.path = os.path.join(self.folder, "settings.ini")
        with open(self.path, "w") as file:
            file.write("[tool]\n")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_settings(self):
        with open(self.path) as file:
            self.assertEqual("[tool]", file.read().strip())


class TestCopied(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()  # expect: leak-on-setup-failure [copied]
        shutil.copytree(os.path.dirname(__file__), os.path.join(self.folder, "copy"))  # step [copied]: raise

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_copied(self):
        self.assertTrue(os.path.exists(os.path.join(self.folder, "copy")))


class TestRead(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()  # expect: leak-on-setup-failure [read]
        with open(os.path.join(os.path.dirname(__file__), "steps.txt" if self.wanted else os.path.basename(__file__))) as file:  # step [read]: raise
            self.text = file.read()

    wanted = False

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_read(self):
        self.assertIn("TestRead", self.text)


def folder():
    return tempfile.mkdtemp()


def test_a_folder_that_a_helper_hands_out():
    place = folder()
    with open(os.path.join(place, "a"), "w") as file:
        file.write("a")
    shutil.rmtree(place)


def test_lines(tmp_path):
    os.environ["SAMPLE_FILE"] = "1"
    (tmp_path / "a").write_text("a")
    with open(tmp_path / "b", "w") as file:
        file.write("b")
    with tempfile.TemporaryDirectory() as place:
        pathlib.Path(place, "c").touch()
        open(f"{place}/d", "w").close()
    del os.environ["SAMPLE_FILE"]


def test_a_pipe_that_was_asked_for():
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.communicate()
