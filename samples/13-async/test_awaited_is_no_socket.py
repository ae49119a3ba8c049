"""A call that is awaited comes from no library that waits itself, whatever its receiver is called."""

import asyncio


class Stream:
    closed = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        self.closed = True


class Listener:
    async def accept(self):
        return Stream()


def test_accepted():
    async def serve():
        listener = Listener()
        async with await listener.accept() as stream:
            assert not stream.closed
        return stream

    assert asyncio.run(serve()).closed


def test_of_whom_nothing_is_known():
    async def serve(listener):
        async with await listener.accept() as stream:
            assert not stream.closed
        return stream

    assert asyncio.run(serve(Listener())).closed
