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
        self.named = getattr(self, "make")()
        me = self
        self.other = me.make()

    def make(self):
        return Silent()

    def start(self):
        return self.source.begin()

    def start_named(self):
        return self.named.begin()

    def start_other(self):
        return self.other.begin()


class TestRecorder(RecordingCase):
    def make(self):
        return Recorder()

    def test_reads(self):
        file = self.start()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()

    def test_reads_what_is_named(self):
        file = self.start_named()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()

    def test_reads_what_another_name_makes(self):
        file = self.start_other()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()


class TestSilent(RecordingCase):
    def test_has_nothing(self):
        self.assertIsNone(self.start())
        self.assertIsNone(self.start_named())
        self.assertIsNone(self.start_other())


class Root(unittest.TestCase):
    def make(self):
        return Silent()


class AboveCase(Root):
    def setUp(self):
        self.source = super().make()

    def start(self):
        return self.source.begin()


class Maker(Root):
    def make(self):
        return Recorder()


class TestMixedIn(AboveCase, Maker):
    def test_reads(self):
        file = self.start()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()


class TestAbove(AboveCase):
    def test_has_nothing(self):
        self.assertIsNone(self.start())


class OpeningCase(unittest.TestCase):
    def setUp(self):
        self.opener = lambda: self.take()

    def take(self):
        return None

    def _directly(self):
        return self.take()

    directly = _directly

    def start(self):
        return self.opener()

    def start_directly(self):
        return self.directly()


class TestOpening(OpeningCase):
    def take(self):
        return open(os.devnull)

    def test_reads(self):
        file = self.start()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()

    def test_reads_directly(self):
        file = self.start_directly()  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()


class TestNotOpening(OpeningCase):
    def test_has_nothing(self):
        self.assertIsNone(self.start())
        self.assertIsNone(self.start_directly())
