"""The cure without any construct: nothing that can raise stands between open and close."""

import os
import tempfile


def test_empty_file_is_made(tmp_path):
    file = open(tmp_path / "empty", "w")
    file.close()
    assert (tmp_path / "empty").stat().st_size == 0


def test_descriptor_is_closed_at_once(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)
    os.close(descriptor)
    assert (tmp_path / "data").exists()


def test_folder_is_removed_at_once():
    folder = tempfile.mkdtemp()
    os.rmdir(folder)
    assert not os.path.exists(folder)


def test_made_and_closed_in_one_expression(tmp_path):
    open(tmp_path / "marker", "w").close()
    assert (tmp_path / "marker").exists()


def test_whole_file_at_once(tmp_path):
    (tmp_path / "data").write_text("3")
    assert (tmp_path / "data").read_text() == "3"
