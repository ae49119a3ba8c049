"""The arguments of the program are a state of their own; what a setup has changed already is said there, once."""

import asyncio
import sys
import unittest


class TestArguments(unittest.TestCase):
    def setUp(self):
        sys.argv = ["campsite"]  # expect: never-released "sys.argv"

    def test_with_a_path(self):
        sys.argv = ["campsite", "tests"]
        self.assertEqual("tests", sys.argv[1])


class TestPutBack(unittest.TestCase):
    def test_put_back(self):
        arguments = sys.argv
        try:
            sys.argv = ["campsite"]
            self.assertEqual(1, len(sys.argv))
        finally:
            sys.argv = arguments

    def test_left(self):
        sys.argv = ["campsite"]  # expect: never-released "sys.argv"


class TestPolicy(unittest.TestCase):
    def test_left(self):
        policy = asyncio.DefaultEventLoopPolicy()
        asyncio.set_event_loop_policy(policy)  # expect: never-released "policy of event loops"

    def test_put_back(self):
        self.addCleanup(asyncio.set_event_loop_policy, None)
        asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
