"""The cure without any construct: nothing that can raise stands between open and close."""

import os
import tempfile


def test_empty_file_is_made(tmp_path):
    file = open(tmp_path / "empty", "w")
    file.close()
    assert (tmp_path / "empty").stat().st_size == 0


def test_descriptor_is_closed_at_once():
    descriptor, path = tempfile.mkstemp()
    os.close(descriptor)
    os.remove(path)
    assert not os.path.exists(path)


def test_made_and_closed_in_one_expression(tmp_path):
    open(tmp_path / "marker", "w").close()
    assert (tmp_path / "marker").exists()


def test_whole_file_at_once(tmp_path):
    (tmp_path / "data").write_text("3")
    assert (tmp_path / "data").read_text() == "3"
