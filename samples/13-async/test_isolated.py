"""Asynchronous setup, teardown and cleanups: asyncSetUp raising skips both teardowns, cleanups run."""

import asyncio
import contextlib
import os
import socket
import unittest


async def ignore(_reader, writer):
    writer.close()


class TestServer(unittest.IsolatedAsyncioTestCase):
    async def test_never_closed(self):
        server = await asyncio.start_server(ignore, "127.0.0.1", 0)  # expect: never-released
        self.assertTrue(server.is_serving())

    async def test_with(self):
        async with await asyncio.start_server(ignore, "127.0.0.1", 0) as server:
            self.assertTrue(server.is_serving())

    async def test_stack(self):
        async with contextlib.AsyncExitStack() as stack:
            server = await stack.enter_async_context(await asyncio.start_server(ignore, "127.0.0.1", 0))
            self.assertTrue(server.is_serving())

    async def test_await_may_raise(self):
        connection = socket.socket()  # expect: leak-on-failure [await]
        await asyncio.wait_for(asyncio.sleep(0), 60)  # step [await]: raise
        connection.close()


class TestAsyncSetUpRaises(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.log = open(os.devnull, "w")  # expect: leak-on-setup-failure [sleep]
        await asyncio.wait_for(asyncio.sleep(0), 60)  # step [sleep]: raise

    async def asyncTearDown(self):
        self.log.close()

    async def test_log(self):
        self.assertTrue(self.log.writable())


class TestCleanups(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.log = open(os.devnull, "w")
        self.addCleanup(self.log.close)
        self.connection = socket.socket()
        self.addAsyncCleanup(self.disconnect)
        await asyncio.wait_for(asyncio.sleep(0), 60)

    async def disconnect(self):
        self.connection.close()

    async def test_log(self):
        self.assertTrue(self.log.writable())


class TestTearDownBreaksOff(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.connection = socket.socket()  # expect: cleanup-chain-broken [sleep2]

    async def asyncTearDown(self):
        await asyncio.wait_for(asyncio.sleep(0), 60)  # step [sleep2]: raise
        self.connection.close()

    async def test_connection(self):
        self.assertGreater(self.connection.fileno(), 0)
