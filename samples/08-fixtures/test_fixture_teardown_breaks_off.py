"""A statement after yield that raises skips the statements after it."""

import os
import shutil
import tempfile

import pytest


@pytest.fixture
def folder():
    path = tempfile.mkdtemp()  # expect: cleanup-chain-broken [folder]
    yield path
    assert os.listdir(path) == []  # step [folder]: raise
    shutil.rmtree(path)


@pytest.fixture
def checked_folder():
    path = tempfile.mkdtemp()
    yield path
    try:
        assert os.listdir(path) == []
    finally:
        shutil.rmtree(path)


def test_folder(folder):
    assert os.path.isdir(folder)


def test_checked_folder(checked_folder):
    assert os.path.isdir(checked_folder)
