"""Channels are leased from a pool and given back to it, by the handle that the lease returned."""

import functools


def test_given_back(pool):
    channel = pool.lease()  # ledger: channel released
    try:
        assert channel.publish("orders", "one") == "orders: one"
    finally:
        pool.give_back(channel)


def test_not_given_back_when_it_fails(pool):
    channel = pool.lease()  # expect: leak-on-failure "channel"
    assert channel.number == 0
    pool.give_back(channel)


def test_never_given_back(pool):
    assert pool.lease().number == 0  # expect: never-released


def test_used_after_it_was_given_back(pool):
    channel = pool.lease()  # expect: use-after-release
    pool.give_back(channel)
    channel.publish("orders", "two")


def test_given_back_by_a_finalizer(pool, request):
    channel = pool.lease()  # ledger: channel managed
    request.addfinalizer(functools.partial(pool.give_back, channel))
    assert channel.number == 0
