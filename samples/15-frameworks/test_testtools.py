"""Fixtures of the fixtures library: useFixture cleans up, also when the fixture's _setUp raises."""

import os
import shutil
import socket
import tempfile

import fixtures
import testtools


class Folder(fixtures.Fixture):
    def _setUp(self):
        self.path = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.path)


class BoundSocket(fixtures.Fixture):
    def _setUp(self):
        self.connection = socket.socket()
        self.addCleanup(self.connection.close)
        self.connection.bind(("127.0.0.1", 0))


class TestFixtures(testtools.TestCase):
    def test_folder(self):
        folder = self.useFixture(Folder())
        self.assertEqual([], os.listdir(folder.path))

    def test_socket(self):
        bound = self.useFixture(BoundSocket())
        self.assertTrue(bound.connection.fileno() > 0)

    def test_temporary_folder(self):
        folder = self.useFixture(fixtures.TempDir())
        self.assertEqual([], os.listdir(folder.path))

    def test_with(self):
        with Folder() as folder:
            self.assertEqual([], os.listdir(folder.path))

    def test_own_file(self):
        file = open(os.devnull)  # expect: never-released
        self.assertEqual("", file.read())


class TestSetUp(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.log = open(os.devnull, "w")  # expect: leak-on-setup-failure
        self.folder = self.useFixture(Folder())

    def tearDown(self):
        self.log.close()
        super().tearDown()

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestTearDownOfTheBaseFirst(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.log = None

    def tearDown(self):
        super().tearDown()
        if self.log is not None:
            self.log.close()

    def test_log(self):
        self.log = open(os.devnull, "w")
        self.assertTrue(self.log.writable())
