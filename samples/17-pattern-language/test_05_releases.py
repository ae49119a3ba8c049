"""A release is a method, a function, several of which all are needed, or leaving `with`; some calls only look like one."""

import unittest

import harbour


def test_a_method_and_a_function():
    one, two = harbour.Hatch(), harbour.Hatch()  # ledger: hatch released
    one.close()
    harbour.close_hatch(two)


def test_what_only_looks_like_one():
    hatch = harbour.Hatch()  # expect: never-released
    hatch.close_for_a_while()


def test_closes_itself_when_it_fails():
    hatch = harbour.Hatch()
    hatch.open_by("crane")
    hatch.close()


def test_another_call_that_fails():
    hatch = harbour.Hatch()  # expect: leak-on-failure
    hatch.paint("red")
    hatch.close()


def test_read_to_its_end():
    logbook = harbour.Logbook()
    for number, entry in enumerate(logbook):
        print(number, entry)


def test_left_before_its_end():
    logbook = harbour.Logbook()  # expect: never-released
    for entry in logbook:
        if entry:
            break


def test_leaving_with():
    with harbour.Hatch() as hatch:  # ledger: hatch managed
        assert hatch


def test_used_after_its_release():
    hatch = harbour.Hatch()  # expect: use-after-release
    hatch.close()
    assert hatch.look_inside()


def test_all_of_a_set():
    engine = harbour.Engine()  # ledger: engine released
    engine.stop()
    engine.drain()


def test_one_of_a_set_alone():
    engine = harbour.Engine()  # expect: never-released
    engine.stop()


def test_released_twice():
    licence = harbour.grant_licence()  # expect: double-release
    harbour.revoke_licence(licence)
    harbour.revoke_licence(licence)


class TestAwaited(unittest.IsolatedAsyncioTestCase):
    async def test_not_awaited(self):
        signal = harbour.Signal()  # expect: unawaited-release
        signal.lower()
