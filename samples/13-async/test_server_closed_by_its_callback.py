"""A server that serves one client only: the callback it was made with closes it."""

import asyncio
import unittest


class TestOneClient(unittest.IsolatedAsyncioTestCase):
    async def serve(self, reader, writer):
        self.received = await reader.read()
        writer.close()
        self.server.close()
        self.served.set()

    async def asyncSetUp(self):
        self.received = b""
        self.served = asyncio.Event()
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.address = self.server.sockets[0].getsockname()

    async def test_received(self):
        _, writer = await asyncio.open_connection(*self.address)
        writer.write(b"x")
        writer.close()
        await writer.wait_closed()
        await self.served.wait()
        self.assertEqual(b"x", self.received)


class TestManyClients(unittest.IsolatedAsyncioTestCase):
    async def serve(self, reader, writer):
        writer.close()

    async def asyncSetUp(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)  # expect: never-released

    async def test_served(self):
        self.assertTrue(self.server.sockets)
