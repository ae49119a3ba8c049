"""Sleeping raises nothing: what is held meanwhile is released all the same. Other awaited calls may raise."""

import asyncio
import os
import threading
import unittest


async def answer():
    return 1


async def watch():
    """Nobody else has the event: the last line is never left but by being cancelled."""
    file = open(os.devnull)
    print(file)
    await asyncio.Event().wait()


class TestSleeping(unittest.IsolatedAsyncioTestCase):
    async def test_asleep(self):
        file = open(os.devnull)
        await asyncio.sleep(0)
        file.close()

    async def test_event_of_its_own(self):
        done = asyncio.Event()
        file = open(os.devnull)
        done.set()
        file.close()
        self.assertTrue(done.is_set())

    async def test_something_else_awaited(self):
        file = open(os.devnull)  # expect: leak-on-failure
        await answer()
        file.close()


def test_run_to_the_end():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


class TestThreads(unittest.IsolatedAsyncioTestCase):
    async def test_joined_by_another(self):
        """What is run in a thread raises no more than it does by itself."""
        threads = [threading.Thread(target=int) for _ in range(2)]
        file = open(os.devnull)
        for thread in threads:
            thread.start()
            await asyncio.to_thread(thread.join)
        file.close()

    async def test_read_by_another(self):
        file = open(os.devnull)  # expect: leak-on-failure
        await asyncio.to_thread(os.stat, os.curdir)
        file.close()
