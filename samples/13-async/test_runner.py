"""A runner makes its loop when it is first asked for it."""

import asyncio

import pytest

pytestmark = pytest.mark.skipif(not hasattr(asyncio, "Runner"), reason="new in Python 3.11")


def test_never_asked():
    runner = asyncio.Runner()
    assert runner is not None


def test_asked(request):
    runner = asyncio.Runner()  # expect: leak-on-failure
    loop = runner.get_loop()
    assert not loop.is_running()
    runner.close()


def test_left():
    runner = asyncio.Runner()  # expect: never-released
    runner.run(asyncio.sleep(0))


def test_entered():
    with asyncio.Runner() as runner:
        runner.run(asyncio.sleep(0))
