"""What a test closes itself, later, it has not given to the unknown code that it hands it to in between; what it never closes, it may have."""

import os
import tempfile
from unittest import mock

product = mock.Mock()


def test_closed_later():
    file = open(os.devnull)  # expect: leak-on-failure [stranger]
    product.client.read(file)
    assert product.client.read.called  # step [stranger]: raise
    file.close()


def test_removed_later():
    number, path = tempfile.mkstemp()  # expect: leak-on-failure [path]
    os.close(number)
    product.upload(path)
    assert product.upload.called  # step [path]: raise
    os.unlink(path)


def test_never_closed():
    file = open(os.devnull)  # ledger: file escaped
    product.client.read(file)
    assert product.client.read.called


def test_kept_by_name():
    file = open(os.devnull)  # ledger: file escaped
    product.client.attach(file)
    assert product.client.attach.called
    file.close()


def test_kept_by_what_comes_back():
    file = open(os.devnull)  # ledger: file escaped
    reader = product.reader(file)
    assert reader is not None
    file.close()


def test_closed_whatever_happens():
    file = open(os.devnull)  # ledger: file released
    try:
        product.client.read(file)
        assert product.client.read.called
    finally:
        file.close()
