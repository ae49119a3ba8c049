"""What a child process opens goes with it: nobody in the test has it. What it leaves on the disk stays."""

import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import unittest


class TestChildren(unittest.TestCase):
    @classmethod
    def _serve(cls, pipe):
        threading.Thread(target=pipe.recv).start()
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        listener = socket.socket()
        pipe.send(listener.fileno())

    @classmethod
    def _write(cls, pipe):
        folder = tempfile.mkdtemp()  # expect: never-released
        pipe.send(len(folder))

    @classmethod
    def _both(cls, pipe):
        listener = socket.socket()  # expect: never-released
        pipe.send(listener.fileno())

    def test_children(self):
        here, there = multiprocessing.Pipe()
        self.addCleanup(here.close)
        self.addCleanup(there.close)
        for child in (
            multiprocessing.Process(target=self._serve, args=(there,)),
            multiprocessing.Process(target=self._write, args=(there,)),
            multiprocessing.Process(target=self._both, args=(there,)),
        ):
            self.assertIsNone(child.pid)

    def test_here_as_well(self):
        here, there = multiprocessing.Pipe()
        with here, there:
            self._both(there)
            self.assertGreater(here.recv(), 0)


@unittest.skipUnless(hasattr(os, "fork"), "needs fork")
class TestForks(unittest.TestCase):
    def test_the_child_becomes_another_program(self):
        read_end, write_end = os.pipe()
        self.addCleanup(os.close, read_end)
        pid = os.fork()
        if pid == 0:
            os.chdir("/")
            os.execv(sys.executable, [sys.executable, "-c", "pass"])
        os.close(write_end)
        self.assertEqual(0, os.waitpid(pid, 0)[1])

    def test_the_child_ends(self):
        file = open(os.devnull)
        pid = os.fork()
        if not pid:
            str(file.read()).encode()
            os._exit(0)
        else:
            file.close()
        self.assertEqual(0, os.waitpid(pid, 0)[1])

    def test_the_parent_forgets(self):
        file = open(os.devnull)  # expect: never-released
        pid = os.fork()
        if pid > 0:
            self.assertEqual(0, os.waitpid(pid, 0)[1])
        else:
            file.close()
            os._exit(0)
