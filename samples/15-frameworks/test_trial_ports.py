"""Twisted: steps that raise nothing, and a reactor of the test's own that calls back what it was given."""

import socket

import pytest

pytest.importorskip("twisted")

from twisted.internet import defer, protocol, reactor  # noqa: E402
from twisted.internet.protocol import ClientCreator, Factory, Protocol  # noqa: E402
from twisted.trial.unittest import TestCase  # noqa: E402


class TwoPortsTests(TestCase):
    def setUp(self):
        self.first = reactor.listenTCP(0, Factory())
        self.second = reactor.listenTCP(0, Factory(), interface="127.0.0.1")
        self.connector = reactor.connectTCP("127.0.0.1", self.second.getHost().port, protocol.ClientFactory())
        self.made = ClientCreator(reactor, Protocol).connectTCP("127.0.0.1", self.first.getHost().port)
        return self.made

    def tearDown(self):
        lost = defer.Deferred()
        self.made.addCallback(lambda p: p.transport.loseConnection())
        lost.callback(None)
        self.connector.disconnect()
        return defer.gatherResults([self.first.stopListening(), self.second.stopListening(), lost])

    def test_ports(self):
        self.assertNotEqual(self.first.getHost().port, self.second.getHost().port)

    test_ports.skip = "its connections need a running reactor"


class ChosenPortTests(TestCase):
    def setUp(self):
        self.first = reactor.listenTCP(0, Factory())  # expect: leak-on-setup-failure [chosen]
        self.second = reactor.listenTCP(self.first.getHost().port, Factory())  # step [chosen]: raise

    def tearDown(self):
        return defer.gatherResults([self.first.stopListening(), self.second.stopListening()])

    def test_ports(self):
        self.assertNotEqual(self.first.getHost().port, self.second.getHost().port)

    test_ports.skip = "the port is taken"


class PatchedTests(TestCase):
    """What trial's `patch` lays is put back by itself, and laying it raises nothing."""

    def setUp(self):
        self.first = reactor.listenTCP(0, Factory())
        self.patch(socket, "getfqdn", lambda: "here")

    def tearDown(self):
        return self.first.stopListening()

    def test_patched(self):
        self.assertEqual("here", socket.getfqdn())

    def test_nothing_is_made(self):
        self.patch(socket, "socket", lambda: None)
        self.assertIsNone(socket.socket())


class Reader:
    def __init__(self, loop):
        self.loop = loop
        self.ours, self.theirs = socket.socketpair()

    def start(self):
        self.loop.addReader(self)

    def fileno(self):
        return self.ours.fileno()

    def doRead(self):
        self.loop.removeReader(self)
        self.ours.close()
        self.theirs.close()


class ReaderTests(TestCase):
    def build(self):
        from twisted.internet.selectreactor import SelectReactor

        return SelectReactor()

    def test_the_loop_calls_what_it_was_given(self):
        loop = self.build()
        reader = Reader(loop)
        loop.callWhenRunning(reader.start)
        self.assertEqual("Reader", type(reader).__name__)

    test_the_loop_calls_what_it_was_given.skip = "runs a second reactor"
