"""What is made under a name is made once: a second call with the name finds it there, unless it was removed in between."""

import unittest

from cloud import Client


class TestBuckets(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def test_put_twice(self):
        name = "tents".upper()
        self.api.put_bucket(name)
        self.addCleanup(self.api.delete_bucket, name)
        answer = self.api.put_bucket(name, colour="green")
        self.assertEqual(1, answer)

    def test_removed_in_between(self):
        name = "stoves".upper()
        self.api.put_bucket(name)
        self.api.delete_bucket(name)
        answer = self.api.put_bucket(name, colour="red")  # expect: never-released "bucket name"
        self.assertEqual(1, answer)

    def test_one_of_two_names(self):
        name, other = "ropes".upper(), "pegs".upper()
        self.api.put_bucket(name)
        self.addCleanup(self.api.delete_bucket, name)
        self.assertEqual(0, self.api.put_bucket(other))  # expect: never-released "bucket other"
