"""Clients and servers that hold nothing: without a host, with a server class that opens no socket, after an answer, walked to the end."""

import fileinput
import http.client
import multiprocessing.connection
import smtplib
import socket
import socketserver
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from wsgiref.simple_server import WSGIServer, make_server


class NoPort(WSGIServer):
    def __init__(self, address, handler):
        socketserver.BaseServer.__init__(self, address, handler)
        self.server_name, self.server_port = address
        self.setup_environ()


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


class TestNothingIsConnectedYet(unittest.TestCase):
    def test_a_client_without_a_host(self):
        client = smtplib.SMTP()
        self.assertRaises(smtplib.SMTPServerDisconnected, client.ehlo)

    def test_a_server_without_a_port(self):
        server = make_server("127.0.0.1", 0, print, NoPort)
        self.assertEqual(server.server_port, 0)

    def test_an_answer_has_the_socket(self):
        with HTTPServer(("127.0.0.1", 0), Answers) as server:
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            self.addCleanup(thread.join)
            connection = http.client.HTTPConnection(*server.server_address)
            connection.request("GET", "/")
            self.assertEqual(connection.getresponse().read(), b"")

    def test_each_file_is_closed_at_its_end(self):
        lines = fileinput.FileInput(files=(__file__,), encoding="utf-8")
        self.assertNotEqual(list(lines), [])

    def test_two_things_of_one_name(self):
        door = multiprocessing.connection.Listener(family="AF_INET")
        self.addCleanup(door.close)
        with multiprocessing.connection.Client(door.address) as client:
            with door.accept() as accepted:
                client.send("x")
                self.assertEqual(accepted.recv(), "x")
        door = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(door.close)
