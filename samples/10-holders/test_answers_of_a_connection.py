"""Closing a connection closes the response that it still has; a daemon needs nobody to wait for it, however it was told."""

import http.client
import threading
import unittest


class TestAnswers(unittest.TestCase):
    def test_closed_with_its_connection(self):
        connection = http.client.HTTPConnection("127.0.0.1", 1)
        if connection.port == 1:
            self.skipTest("nobody listens")
        connection.request("GET", "/")
        answer = connection.getresponse()
        self.assertEqual(200, answer.status)
        connection.close()


class TestDaemons(unittest.TestCase):
    def test_told_by_a_call(self):
        thread = threading.Thread(target=threading.Event().wait, args=(0.01,))
        thread.setDaemon(True)
        thread.start()
