"""A test has shown which word it is: later tests of the same name come out accordingly."""

import bz2
import gzip
import os

import pytest


@pytest.mark.parametrize("kind", ["gzip", "bz2", "zip"])
def test_packed_with_one_of_them(tmp_path, kind):
    if kind == "gzip":
        file = gzip.open(tmp_path / "packed", "w")
    elif kind == "bz2":
        file = bz2.open(tmp_path / "packed", "w")
    elif kind == "zip":
        pytest.skip("another test's")
    if kind not in ["zip", "tar"]:
        with file:
            file.write(b"x")
    assert os.path.exists(tmp_path / "packed")


@pytest.mark.parametrize("kind", ["gzip", "none"])
def test_the_wrong_words(tmp_path, kind):
    if kind == "gzip":
        file = gzip.open(tmp_path / "packed", "w")  # expect: never-released
    if kind not in ("gzip", "bz2"):
        file = open(os.devnull)
        file.close()
    assert (tmp_path / "packed").exists() == (kind == "gzip")


@pytest.mark.parametrize("mode", ["r", "rb", "rb+"])
def test_only_that_there_is_one(mode):
    if mode:
        file = open(os.devnull, mode)
        if mode == "r":
            file.close()
        elif mode == "rb":
            file.close()
        else:
            file.close()
    assert mode
