"""What runs a coroutine cancels the tasks that are left when it closes its loop: a test that fails leaves none behind."""

import asyncio
import unittest


class TestTasks(unittest.IsolatedAsyncioTestCase):
    async def test_fails_in_between(self):
        task = asyncio.create_task(asyncio.sleep(0))
        self.assertEqual(1, await asyncio.sleep(0, 1))
        await task


def test_is_not_done():
    async def body():
        task = asyncio.ensure_future(asyncio.sleep(0))
        assert not task.done()
        assert await asyncio.sleep(0, True)
        await task

    asyncio.run(body())


def test_left_by_itself():
    loop = asyncio.new_event_loop()
    try:
        task = loop.create_task(asyncio.sleep(0))  # expect: work-in-flight
        assert task.get_name()
    finally:
        loop.close()
