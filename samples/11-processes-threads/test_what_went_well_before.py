"""A call that has just worked is no reason to worry about what it made: the next turn of a loop, the other end of a pipe, entering a process."""

import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import unittest


class TestTheNextOfSeveral(unittest.TestCase):
    def test_descriptors(self):
        opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(3)]
        for fd in opened:
            os.close(fd)

    def test_processes(self):
        started = [subprocess.Popen([sys.executable, "-c", ""]) for _ in range(2)]
        for process in started:
            process.wait()

    def test_a_step_between(self):
        started = [subprocess.Popen([sys.executable, "-c", ""]) for _ in range(2)]  # expect: leak-on-failure "process"
        self.assertEqual(2, len(started))
        for process in started:
            process.wait()


class TestBothEndsOfAPipe(unittest.TestCase):
    def test_each_gets_a_file(self):
        r, w = os.pipe()
        reader = io.open(r, "rb")
        writer = io.open(w, "wb")
        writer.close()
        reader.close()

    def test_a_step_between(self):
        r, w = os.pipe()  # expect: leak-on-failure "file descriptor w"
        reader = io.open(r, "rb")
        self.addCleanup(reader.close)
        self.assertTrue(reader.readable())
        os.close(w)


class TestEntered(unittest.TestCase):
    def test_by_hand(self):
        process = subprocess.Popen([sys.executable, "-c", ""])
        process = process.__enter__()
        process.__exit__(None, None, None)


class TestSameProgram(unittest.TestCase):
    def test_two_children(self):
        """The program that has just been run is there to be run again."""
        first = subprocess.Popen([sys.executable, "-c", "pass"], stdout=subprocess.PIPE)
        second = subprocess.Popen([sys.executable, "-c", "pass"], stdin=first.stdout)
        self.addCleanup(first.stdout.close)
        self.addCleanup(first.wait)
        self.addCleanup(second.wait)

    def test_another_program(self):
        first = subprocess.Popen([sys.executable, "-c", "pass"])  # expect: late-registration
        second = subprocess.Popen(["true"])
        self.addCleanup(first.wait)
        self.addCleanup(second.wait)


def test_work_for_a_pool():
    pool = multiprocessing.Pool(1)
    answer = pool.apply_async(abs, (-1,))
    pool.close()
    pool.join()
    assert answer.get() == 1


class TestOneWhateverIsOpen(unittest.TestCase):
    def test_closed_once_and_in_a_range(self):
        first = os.dup(0)
        os.close(first)
        os.closerange(first, first + 1)

    def test_its_path(self):
        fd, path = tempfile.mkstemp()  # expect: leak-on-failure [run] "temporary file on the disk path"
        with open(fd, "w") as script:
            script.write("")
        subprocess.call([sys.executable, path])  # step [run]: raise
        os.remove(path)
