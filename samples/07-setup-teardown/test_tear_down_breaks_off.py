"""A statement of tearDown that raises skips the statements after it."""

import os
import shutil
import tempfile
import unittest


class TestAssertionFirst(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()  # expect: cleanup-chain-broken [assertion]

    def tearDown(self):
        self.assertEqual([], os.listdir(self.folder))  # step [assertion]: raise
        shutil.rmtree(self.folder)

    def test_folder(self):
        self.assertTrue(os.path.isdir(self.folder))


class TestOtherCleanupFirst(unittest.TestCase):
    def setUp(self):
        self.report = os.path.join(tempfile.gettempdir(), "campsite-%d" % os.getpid())
        self.file = open(os.devnull, "w")  # expect: cleanup-chain-broken [remove]

    def tearDown(self):
        os.remove(self.report)  # step [remove]: raise
        self.file.close()

    def test_file(self):
        self.assertTrue(self.file.writable())
        with open(self.report, "w") as report:
            report.write("done")


class TestFinallyHolds(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        try:
            self.assertEqual([], os.listdir(self.folder))
        finally:
            shutil.rmtree(self.folder)

    def test_folder(self):
        self.assertTrue(os.path.isdir(self.folder))


class TestCleanupsAreIndependent(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(self.check_folder)

    def check_folder(self):
        self.assertEqual([], os.listdir(self.folder))

    def test_folder(self):
        self.assertTrue(os.path.isdir(self.folder))
