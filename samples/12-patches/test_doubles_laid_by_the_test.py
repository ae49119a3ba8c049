"""What the test, or a fixture around it, has put a double in the place of is not made for real, until the original is back."""

import http.client
import io
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.request
from unittest import mock

import pytest

NOTHING = ["true"]


class Line:
    def __init__(self, *args, **kwargs):
        self.sent = []


class Recorder(socket.socket):
    """A socket all the same."""


def test_set_by_monkeypatch(monkeypatch):
    monkeypatch.setattr(socket, "socket", Line)
    line = socket.socket()
    assert line.sent == []


def test_set_by_its_name(monkeypatch):
    monkeypatch.setattr("subprocess.Popen", lambda *args, **kwargs: None)
    assert subprocess.Popen(NOTHING) is None


def test_a_subclass_is_real(monkeypatch):
    monkeypatch.setattr(socket, "socket", Recorder)
    line = socket.socket()  # expect: leak-on-failure
    assert line.fileno() > 0
    line.close()


def test_undone_before(monkeypatch):
    monkeypatch.setattr(socket, "socket", Line)
    monkeypatch.undo()
    line = socket.socket()  # expect: leak-on-failure
    assert line.fileno() > 0
    line.close()


def test_a_wrapper_makes_it(monkeypatch):
    original = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", lambda: original(prefix="sample"))
    folder = tempfile.mkdtemp()  # expect: never-released
    assert "sample" in folder


def test_after_the_with_statement():
    with mock.patch("subprocess.Popen") as popen:
        subprocess.Popen(NOTHING)
    popen.assert_called_once_with(NOTHING)
    process = subprocess.Popen(NOTHING)  # expect: leak-on-failure
    assert process.pid > 0
    process.wait()


def test_never_begun(monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", lambda self: None)
    thread = threading.Thread(target=print)
    thread.start()


@pytest.fixture
def popen():
    with mock.patch("subprocess.Popen") as double:
        yield double


def test_laid_by_a_fixture(popen):
    process = subprocess.Popen(NOTHING)
    assert process is popen.return_value


class TestStarted(unittest.TestCase):
    def test_started(self):
        patcher = mock.patch("subprocess.Popen")
        double = patcher.start()
        self.addCleanup(patcher.stop)
        self.assertIs(double.return_value, subprocess.Popen(NOTHING))

    def test_not_started(self):
        patcher = mock.patch("subprocess.Popen")
        self.assertIsNotNone(patcher)
        process = subprocess.Popen(NOTHING)  # expect: leak-on-failure
        self.assertGreater(process.pid, 0)
        process.wait()

    def test_stopped_before(self):
        patcher = mock.patch("subprocess.Popen")
        patcher.start()
        patcher.stop()
        process = subprocess.Popen(NOTHING)  # expect: leak-on-failure
        self.assertGreater(process.pid, 0)
        process.wait()

    def test_assigned(self):
        original = subprocess.Popen
        subprocess.Popen = mock.Mock()
        self.addCleanup(setattr, subprocess, "Popen", original)
        self.assertIsNotNone(subprocess.Popen(NOTHING))


class TestHelped(unittest.TestCase):
    def fake(self):
        self.original = subprocess.Popen
        subprocess.Popen = mock.Mock()

    def unfake(self):
        subprocess.Popen = self.original

    def test_laid_by_a_helper(self):
        self.fake()
        self.addCleanup(self.unfake)
        self.assertIsNotNone(subprocess.Popen(NOTHING))

    def test_taken_away_by_a_helper(self):
        self.fake()
        self.unfake()
        process = subprocess.Popen(NOTHING)  # expect: leak-on-failure
        self.assertGreater(process.pid, 0)
        process.wait()


def fake_connection(answer):
    class FakeConnection(http.client.HTTPConnection):
        def connect(self):
            self.sock = mock.Mock()
            self.sock.makefile.return_value = io.BytesIO(answer)

    return FakeConnection


class TestFakeConnection(unittest.TestCase):
    def lay(self, answer):
        patcher = mock.patch.object(http.client, "HTTPConnection", fake_connection(answer))
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_a_subclass_that_says_it_is_a_double(self):
        self.lay(b"HTTP/1.1 200 OK\r\n\r\nyes")
        response = urllib.request.urlopen("http://server.example/")
        self.assertEqual(200, response.status)


@mock.patch("subprocess.Popen._execute_child")
def test_nothing_is_executed(execute):
    process = subprocess.Popen(NOTHING)
    assert execute.called
    process.returncode = 0


@mock.patch("subprocess.list2cmdline")
def test_another_part_of_the_library(line):
    process = subprocess.Popen(NOTHING)  # expect: leak-on-failure
    assert not line.called
    process.wait()
