"""Operations that raise nothing on what was just made: settings of a socket, a child's pipes, the first table of a database."""

import asyncio
import socket
import sqlite3
import subprocess
import sys
import unittest


class TestSettings(unittest.TestCase):
    def test_settings_of_a_socket(self):
        sock = socket.socket()
        sock.settimeout(5)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = sock.getsockname()
        sock.close()
        self.assertEqual(len(port), 2)

    def test_connecting_is_another_matter(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            sock = socket.socket()  # expect: leak-on-failure [connect]
            sock.settimeout(5)
            sock.connect(server.getsockname())  # step [connect]: raise
            sock.close()


class TestChild(unittest.TestCase):
    def test_what_is_written_waits_in_a_buffer(self):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        child.poll()
        child.stdin.write(b"go\n")
        child.stdin.close()
        child.wait()


class TestTables(unittest.TestCase):
    def setUp(self):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("create table colours (name text)")
        self.cursor = self.db.cursor()

    def tearDown(self):
        self.db.close()

    def test_colours(self):
        self.assertEqual(self.cursor.execute("select name from colours").fetchall(), [])


class TestStream(unittest.IsolatedAsyncioTestCase):
    async def test_what_cannot_be_sent_has_no_connection(self):
        async def answer(reader, writer):
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello")
            await writer.drain()
            writer.close()


class TestAnotherThingIsClosed(unittest.TestCase):
    def setUp(self):
        self.other = socket.socket()
        self.addCleanup(self.other.close)

    def test_child(self):
        child = subprocess.Popen([sys.executable, "-c", "pass"])
        self.other.close()
        child.wait()

    def test_lines_of_a_text(self):
        child = subprocess.Popen([sys.executable, "-c", "print('a'); print('b')"], stdout=subprocess.PIPE, text=True)
        lines = child.stdout.read()
        for line in lines.replace("\r", "").split("\n"):
            print(line)
        child.wait()
