"""Threads that a list holds are threads: starting and joining one of them is as safe as it is with a name of its own."""

import threading
import time

seen = []


def slow():
    time.sleep(0.01)
    seen.append(1)


def test_comprehension():
    threads = [threading.Thread(target=slow) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen


def test_appended_one_by_one():
    threads = []
    for _ in range(3):
        threads.append(threading.Thread(target=slow))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen


def test_asserted_before_they_are_joined():
    threads = [threading.Thread(target=slow) for _ in range(3)]  # expect: leak-on-failure
    for thread in threads:
        thread.start()
    assert threads[0].ident
    for thread in threads:
        thread.join()


def test_over_at_once():
    """Nobody waits for it, and it is over before anybody could miss that: a note."""
    thread = threading.Thread(target=lambda: seen.append(2))  # expect: never-released
    thread.start()


def test_over_at_once_with_a_method_of_a_list():
    thread = threading.Thread(target=seen.append, args=(3,))  # expect: never-released
    thread.start()


def test_waits_until_it_is_nearly_over():
    """What follows the event is done at once: a note."""
    done = threading.Event()

    def work():
        while len(seen) < 100:
            seen.append(4)
        done.set()
        seen.clear()

    thread = threading.Thread(target=work)  # expect: never-released
    thread.start()
    done.wait()
    assert thread.ident


def test_waits_for_its_first_round():
    begun = threading.Event()

    def work():
        begun.set()
        while len(seen) < 100:
            time.sleep(0.01)
            seen.append(5)

    thread = threading.Thread(target=work)  # expect: never-released
    thread.start()
    begun.wait()
    assert thread.ident
