"""A helper makes what the decorator of each of its tests keeps in memory; what a test without the decorator makes is real."""

import os
import unittest

import pytest

pytest.importorskip("moto")

import boto3  # noqa: E402
from moto import mock_aws  # noqa: E402


class TestInstances(unittest.TestCase):
    def make_instance(self):
        client = boto3.resource("ec2")
        instance = client.create_instances(ImageId="ami-1", MinCount=1, MaxCount=1)[0]
        self.assertEqual("ami-1", instance.image_id)
        instance.terminate()

    @mock_aws
    def test_one(self):
        self.make_instance()

    @mock_aws
    def test_two(self):
        self.make_instance()
        self.make_instance()


class TestRealInstances(unittest.TestCase):
    def make_instance(self):
        client = boto3.resource("ec2")
        instance = client.create_instances(ImageId="ami-1", MinCount=1, MaxCount=1)[0]  # expect: leak-on-failure
        self.assertEqual("ami-1", instance.image_id)
        instance.terminate()

    @mock_aws
    def test_in_memory(self):
        self.make_instance()

    def test_for_real(self):
        if "SAMPLE_AWS" not in os.environ:
            self.skipTest("somebody pays for it")
        self.make_instance()
