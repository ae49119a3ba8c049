"""An event loop of the test's own must be closed, and calling a coroutine function runs nothing."""

import asyncio
import os


async def opened():
    return open(os.devnull)


def test_loop_never_closed():
    loop = asyncio.new_event_loop()  # expect: never-released
    assert loop.run_until_complete(asyncio.sleep(0, "x")) == "x"


def test_loop_closed():
    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(asyncio.sleep(0, "x")) == "x"
    finally:
        loop.close()


def test_coroutine_never_run():
    coroutine = opened()
    coroutine.close()
    assert coroutine.cr_frame is None


def test_coroutine_run():
    async def body():
        file = await opened()  # expect: never-released
        assert file.read() == ""

    asyncio.run(body())


def test_coroutine_run_with():
    async def body():
        with await opened() as file:
            assert file.read() == ""

    asyncio.run(body())
