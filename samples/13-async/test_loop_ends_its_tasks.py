"""A loop that the function closes itself ends its tasks with it: what was not awaited is a note."""

import asyncio


async def forever():
    await asyncio.sleep(3600)


def test_cancelled_by_a_helper():
    loop = asyncio.new_event_loop()
    try:
        task = loop.create_task(forever())  # expect: work-in-flight
        loop.run_until_complete(asyncio.sleep(0))
        for each in asyncio.all_tasks(loop):
            each.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        assert len(asyncio.all_tasks(loop)) == 0
    finally:
        loop.close()
