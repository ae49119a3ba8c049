"""Literals, names and plain assignments raise nothing: what they stand between is no leak."""

import os


def test_assignment_between(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)
    expected = ["data"]
    label = "number %s"
    seen = {}
    try:
        assert os.listdir(tmp_path) == expected
        seen[label] = descriptor
    finally:
        os.close(descriptor)


def test_pass_between(tmp_path):
    file = open(tmp_path / "data", "w")
    pass
    file.close()
    assert file.closed
