"""Trial runs the cleanups before tearDown: what a cleanup closed, tearDown finds closed."""

import os
import unittest as standard

from twisted.internet import defer, protocol, reactor
from twisted.trial import unittest

SHOW_FAULTS = "SHOW_FAULTS" in os.environ


class TestTrialOrder(unittest.TestCase):
    def setUp(self):
        if not SHOW_FAULTS:
            raise unittest.SkipTest("tearDown writes to a closed file")
        self.log = open(os.devnull, "w")  # missing: use-after-release what a later phase does with a released resource is not followed
        self.addCleanup(self.log.close)

    def tearDown(self):
        self.log.write("end")

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestStandardOrder(standard.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")
        self.addCleanup(self.log.close)

    def tearDown(self):
        self.log.write("end")

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestTearDown(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")

    def tearDown(self):
        self.log.close()

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestPort(unittest.TestCase):
    def setUp(self):
        self.port = reactor.listenTCP(0, protocol.ServerFactory(), interface="127.0.0.1")
        self.number = self.port.getHost().port

    def tearDown(self):
        return defer.maybeDeferred(self.port.stopListening)

    def test_port(self):
        self.assertGreater(self.number, 0)

    def test_handed_to_a_callback(self):
        fired = defer.succeed(None)
        port = reactor.listenTCP(0, protocol.ServerFactory(), interface="127.0.0.1")
        return fired.addCallback(lambda _, held: held.stopListening(), port)


class TestWhatRaisesGoesIntoTheDeferred(unittest.TestCase):
    def test_port(self):
        port = reactor.listenTCP(0, protocol.ServerFactory(), interface="127.0.0.1")
        number = defer.maybeDeferred(port.getHost)
        return defer.gatherResults([number, defer.maybeDeferred(port.stopListening)])


class TestPortStaysOpen(unittest.TestCase):
    def test_port(self):
        if not SHOW_FAULTS:
            raise unittest.SkipTest("leaves a port open")
        port = reactor.listenTCP(0, protocol.ServerFactory(), interface="127.0.0.1")  # expect: never-released
        self.assertGreater(port.getHost().port, 0)
