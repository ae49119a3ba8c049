"""Fixtures for tests without a class: an administrator, a pool, and a queue that is dropped behind the `yield`."""

import postbox
import pytest


@pytest.fixture
def admin():
    return postbox.Admin()


@pytest.fixture
def pool():
    return postbox.Pool(1)


@pytest.fixture
def inbox(admin):
    admin.declare_queue("inbox")  # ledger: queue released
    yield "inbox"
    admin.drop_queue("inbox")


@pytest.fixture
def fragile_inbox(admin):
    admin.declare_queue("inbox")  # expect: leak-on-setup-failure
    assert admin.depth("inbox") == 0
    yield "inbox"
    admin.drop_queue("inbox")
