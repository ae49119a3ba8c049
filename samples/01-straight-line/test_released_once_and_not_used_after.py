"""A descriptor's number is given away again as soon as it is closed: closing it twice may close somebody else's file."""

import os
import sys

import pytest

SHOW_FAULTS = "SHOW_FAULTS" in os.environ


@pytest.mark.skipif(not SHOW_FAULTS, reason="the second close raises OSError")
def test_closed_on_one_platform_and_everywhere(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)  # expect: double-release
    if sys.platform != "win32":
        os.close(descriptor)
    os.close(descriptor)


def test_closed_on_each_platform_once(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)
    if sys.platform == "win32":
        os.close(descriptor)
    else:
        os.close(descriptor)
    assert (tmp_path / "data").exists()


def test_a_file_may_be_closed_twice(tmp_path):
    file = open(tmp_path / "data", "w")
    file.close()
    file.close()
    assert file.closed


@pytest.mark.skipif(not SHOW_FAULTS, reason="reading a closed file raises ValueError")
def test_read_after_close(tmp_path):
    (tmp_path / "data").write_text("3")
    file = open(tmp_path / "data")  # expect: use-after-release
    file.close()
    assert file.read() == "3"


def test_read_after_close_is_refused(tmp_path):
    (tmp_path / "data").write_text("3")
    file = open(tmp_path / "data")
    file.close()
    with pytest.raises(ValueError):
        file.read()
