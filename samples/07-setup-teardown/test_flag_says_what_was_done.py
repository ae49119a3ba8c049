"""A helper notes in a flag that it has changed something: the teardown that asks the flag takes it back."""

import sys
import unittest


class TestFlag(unittest.TestCase):
    def setUp(self):
        self.is_set = False

    def enter(self):
        self.is_set = True
        sys.path.append("/nowhere")

    def tearDown(self):
        if self.is_set:
            sys.path.pop()

    def test_entered(self):
        self.enter()
        self.assertIn("/nowhere", sys.path)

    def test_changed_without_the_flag(self):
        sys.path.append("/nowhere")  # expect: never-released
        self.assertIn("/nowhere", sys.path)


class TestFlagThatIsTakenBack(unittest.TestCase):
    def setUp(self):
        self.is_set = False

    def enter(self):
        self.is_set = True
        sys.path.append("/nowhere")

    def forget(self):
        self.is_set = False

    def tearDown(self):
        if self.is_set:
            sys.path.pop()

    def test_forgotten(self):
        self.enter()  # expect: never-released
        self.forget()
        self.assertIn("/nowhere", sys.path)
