"""A coroutine that opens something opens it when it is run, and only if it does not fail."""

import asyncio
import unittest


class TestServer(unittest.TestCase):
    def setUp(self):
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)

    def test_expected_to_fail(self):
        opening = self.loop.create_server(asyncio.Protocol)
        self.assertRaises(ValueError, self.loop.run_until_complete, opening)

    def test_expected_to_fail_in_a_block(self):
        opening = self.loop.create_server(asyncio.Protocol)
        with self.assertRaises(ValueError):
            self.loop.run_until_complete(opening)

    def test_never_run(self):
        opening = self.loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
        opening.close()
        self.assertIsNone(opening.cr_frame)

    def test_run_and_closed(self):
        opening = self.loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
        server = self.loop.run_until_complete(opening)
        self.addCleanup(server.close)
        self.assertTrue(server.is_serving())

    def test_run_and_left_open(self):
        opening = self.loop.create_server(asyncio.Protocol, "127.0.0.1", 0)  # expect: never-released
        server = self.loop.run_until_complete(opening)
        self.assertTrue(server.is_serving())
