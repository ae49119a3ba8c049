"""A thread runs on into the next test unless somebody joins it."""

import contextlib
import os
import queue
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor


def work(results):
    results.put("done")


def test_never_joined():
    results = queue.Queue()
    thread = threading.Thread(target=work, args=(results,))  # expect: never-released
    thread.start()
    assert results.get(timeout=5) == "done"


def test_joined_after_an_assertion():
    results = queue.Queue()
    thread = threading.Thread(target=work, args=(results,))  # expect: leak-on-failure [get]
    thread.start()
    assert results.get(timeout=5) == "done"  # step [get]: raise
    thread.join()


def test_joined_finally():
    results = queue.Queue()
    thread = threading.Thread(target=work, args=(results,))
    thread.start()
    try:
        assert results.get(timeout=5) == "done"
    finally:
        thread.join()


def test_not_started():
    thread = threading.Thread(target=work, args=(queue.Queue(),))
    assert not thread.is_alive()


def test_joined_at_once():
    results = queue.Queue()
    thread = threading.Thread(target=work, args=(results,))
    thread.start()
    thread.join()
    assert results.qsize() == 1


def test_all_joined():
    results = queue.Queue()
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            thread = threading.Thread(target=work, args=(results,))
            thread.start()
            stack.callback(thread.join)
    assert results.qsize() == 3


def test_timer_never_cancelled():
    timer = threading.Timer(0.01, print)  # expect: never-released
    timer.start()
    assert timer.is_alive()


class TestThread(unittest.TestCase):
    def test_timer_cancelled(self):
        timer = threading.Timer(60, print)
        timer.start()
        self.addCleanup(timer.cancel)
        self.assertTrue(timer.is_alive())

    def test_join_registered(self):
        thread = threading.Thread(target=work, args=(queue.Queue(),))
        thread.start()
        self.addCleanup(thread.join)
        self.assertIsNotNone(thread.name)

    def test_executor(self):
        with ThreadPoolExecutor(max_workers=1) as executor:
            self.assertEqual(3, executor.submit(sum, [1, 2]).result())

    def test_executor_never_shut_down(self):
        executor = ThreadPoolExecutor(max_workers=1)  # expect: never-released
        self.assertEqual(3, executor.submit(sum, [1, 2]).result())


class Worker(threading.Thread):
    def run(self):
        self.results = queue.Queue()


def test_thread_of_its_own_class():
    """Starting one, and waiting for it, raises nothing."""
    reading, writing = os.pipe()
    worker = Worker()
    worker.start()
    worker.join()
    os.close(reading)
    os.close(writing)


def test_told_to_stop_when_it_fails():
    """Where the loop of the thread asks for it, that is provided for."""
    running = [True]

    def turn():
        while running[0]:
            pass

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        assert thread.ident
        running[0] = False
        thread.join()
    finally:
        running[0] = False


def test_another_flag():
    running = [True]
    stopped = threading.Event()

    def turn():
        while running[0]:
            pass

    thread = threading.Thread(target=turn)  # expect: leak-on-failure
    thread.start()
    try:
        assert thread.ident
        running[0] = False
        thread.join()
    finally:
        stopped.set()


def test_told_by_an_event():
    stopped = threading.Event()

    def turn():
        while not stopped.wait(0.01):
            pass

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        assert thread.ident
        stopped.set()
        thread.join()
    finally:
        stopped.set()


def test_told_and_never_joined():
    stopped = threading.Event()

    def turn():
        while not stopped.is_set():
            pass

    thread = threading.Thread(target=turn)  # expect: never-released
    thread.start()
    stopped.set()


def test_nothing_to_run():
    """Without a target a thread is over as soon as it has begun."""
    thread = threading.Thread(name="idle")
    thread.start()
    assert thread.name == "idle"
