"""A call inside addCleanup() is no fault where its result is the function to be run."""

import os
import shutil
import socket
import tempfile
import unittest


def remover(folder):
    def remove():
        shutil.rmtree(folder)

    return remove


class TestMakers(unittest.TestCase):
    def test_function_that_returns_the_cleanup(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(remover(folder))
        self.assertEqual([], os.listdir(folder))

    def test_released_by_hand_in_the_middle(self):
        connection = socket.socket()
        self.addCleanup(connection.close)
        connection.close()
        self.assertEqual(-1, connection.fileno())

    def test_cleanups_run_by_hand(self):
        file = open(os.devnull)
        self.addCleanup(file.close)
        self.doCleanups()
        self.assertTrue(file.closed)
