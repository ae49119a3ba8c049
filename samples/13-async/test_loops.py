"""An event loop of the test's own must be closed, and calling a coroutine function runs nothing."""

import asyncio
import os
import unittest


class Kept(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport


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


class TestScheduling(unittest.TestCase):
    def test_what_is_to_run_later_is_only_noted(self):
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        descriptor = os.open(os.devnull, os.O_RDONLY)
        done = loop.create_future()
        loop.call_soon(done.set_result, 1)
        os.close(descriptor)
        self.assertEqual(1, loop.run_until_complete(done))

    def test_waiting_for_it_may_raise(self):
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        done = loop.create_future()
        loop.call_soon(done.set_result, 1)
        self.assertEqual(1, loop.run_until_complete(done))
        os.close(descriptor)


class TestNamedCoroutines(unittest.TestCase):
    """Named after what awaiting the coroutine gave; the protocol keeps the transport as well."""

    def setUp(self):
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)

    def test_the_transport_is_what_running_gave(self):
        coroutine = self.loop.create_datagram_endpoint(Kept, local_addr=("127.0.0.1", 0))  # expect: leak-on-failure "transport is not"
        transport, _ = self.loop.run_until_complete(coroutine)
        self.assertIsNotNone(transport.get_extra_info("sockname"))
        transport.close()
        self.loop.run_until_complete(asyncio.sleep(0))

    def test_closed_through_the_protocol(self):
        coroutine = self.loop.create_datagram_endpoint(Kept, local_addr=("127.0.0.1", 0))
        _, protocol = self.loop.run_until_complete(coroutine)
        protocol.transport.close()
        self.loop.run_until_complete(asyncio.sleep(0))


class Protocol(asyncio.Protocol):
    def __init__(self, loop):
        self.connected = asyncio.Future(loop=loop)


def test_a_future_of_the_loop_does_not_close_it():
    loop = asyncio.new_event_loop()  # expect: leak-on-failure
    protocol = Protocol(loop)
    assert not protocol.connected.done()
    loop.close()


def test_run_until_it_is_stopped():
    loop = asyncio.new_event_loop()
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()
