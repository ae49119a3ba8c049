"""Calling a coroutine function runs nothing of it: what is made or handed to a task raises where it is waited for."""

import asyncio
import json
import socket


async def parse(text):
    await asyncio.sleep(0)
    return json.loads(text)


def test_tasks_are_made_while_it_is_held():
    async def main():
        server = socket.socket()
        tasks = [asyncio.create_task(parse("[]")) for _ in range(3)]
        server.close()
        await asyncio.gather(*tasks)

    asyncio.run(main())


def test_made_before_and_run_after():
    server = socket.socket()
    answer = parse("[]")
    server.close()
    asyncio.run(answer)


def test_run_while_it_is_held():
    server = socket.socket()  # expect: leak-on-failure
    asyncio.run(parse("[]"))
    server.close()
