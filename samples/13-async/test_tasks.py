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


class TestNothingBegins(unittest.TestCase):
    """A future or a task that `ensure_future` gets is what it returns."""

    def setUp(self):
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)

    def test_future(self):
        done = self.loop.create_future()
        done.set_result(1)
        same = asyncio.ensure_future(done, loop=self.loop)
        self.assertIs(done, same)

    def test_coroutine(self):
        begun = asyncio.ensure_future(asyncio.sleep(0), loop=self.loop)  # expect: work-in-flight
        self.assertFalse(begun.done())

    def test_named_coroutine(self):
        async def nothing():
            return None

        coroutine = nothing()
        begun = asyncio.ensure_future(coroutine, loop=self.loop)  # expect: work-in-flight
        self.assertFalse(begun.done())

    def test_callback(self):
        """What a callback of the loop's sets going goes with the loop: a note."""

        def called():
            self.loop.create_task(asyncio.sleep(0))  # expect: work-in-flight
            self.loop.call_later(0.01, self.loop.stop)

        self.loop.call_soon(called)
        self.loop.run_forever()


class TestRun(unittest.TestCase):
    """`asyncio.run` cancels what is left, and waits for it."""

    def test_left_in_a_variable(self):
        left = None

        async def main():
            nonlocal left
            left = asyncio.create_task(asyncio.sleep(1))
            return 1

        self.assertEqual(1, asyncio.run(main()))
        self.assertTrue(left.done())
