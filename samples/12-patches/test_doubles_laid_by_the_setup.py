"""What a hook has put a double in the place of is not made for real; a wrapper around the original makes it all the same."""

import os
import smtplib
import socket
import unittest
from unittest import mock

import clock


class Mailbox:
    def __init__(self, *args, **kwargs):
        self.sent = []

    def close(self):
        self.sent.clear()


class TestReplacedClass(unittest.TestCase):
    def setUp(self):
        self.original = smtplib.SMTP
        smtplib.SMTP = Mailbox

    def tearDown(self):
        smtplib.SMTP = self.original

    def test_nothing_is_connected(self):
        client = smtplib.SMTP("mail", 25)
        self.assertEqual([], client.sent)


class TestPatchedByItsName(unittest.TestCase):
    def setUp(self):
        patcher = mock.patch("socket.socket")
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_no_socket_is_made(self):
        sock = socket.socket()
        self.assertIsNotNone(sock)

    def test_descriptors_are_real(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        self.assertGreater(descriptor, 0)
        os.close(descriptor)


class TestUnderTheLibrary(unittest.TestCase):
    """The client is the library's own; what it would connect is a double."""

    def setUp(self):
        self.original = smtplib.socket
        smtplib.socket = clock

    def tearDown(self):
        smtplib.socket = self.original

    def test_nobody_answers(self):
        client = smtplib.SMTP(local_hostname="here")
        self.assertEqual(0, client.debuglevel)
        client.close()


class TestWrapped(unittest.TestCase):
    def setUp(self):
        patcher = mock.patch("os.open", wraps=os.open)
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_it_is_opened_for_real(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        self.assertGreater(descriptor, 0)
        os.close(descriptor)
