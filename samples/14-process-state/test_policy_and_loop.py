"""The policy keeps the current event loop: another policy, another loop."""

import asyncio


def test_put_back_with_the_policy():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncio.set_event_loop_policy(None)
    loop.close()


def test_left_behind():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)  # expect: never-released
    loop.close()
