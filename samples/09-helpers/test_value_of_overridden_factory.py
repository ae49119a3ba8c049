"""What a base class keeps is what the test's own class makes: a helper that only reads the attribute is another one for each class."""

import os
import unittest


class Silent:
    def begin(self):
        return None


class Recorder:
    def begin(self):
        return open(os.devnull)


class RecordingCase(unittest.TestCase):
    def setUp(self):
        self.source = self.make()

    def make(self):
        return Silent()

    def start(self):
        return self.source.begin()


class TestRecorder(RecordingCase):
    def make(self):
        return Recorder()

    def test_reads(self):
        file = self.start()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()


class TestSilent(RecordingCase):
    def test_has_nothing(self):
        self.assertIsNone(self.start())
