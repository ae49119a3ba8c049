"""Nothing closes the file: it stays open although the test passes."""

import os
import tempfile


def test_header_is_written(tmp_path):
    file = open(tmp_path / "header.csv", "w")  # expect: never-released [header]
    file.write("id,name\n")
    file.flush()
    assert (tmp_path / "header.csv").read_text() == "id,name\n"  # The file is flushed, not closed.


def test_directory_is_empty():
    folder = tempfile.mkdtemp()  # expect: never-released
    assert os.listdir(folder) == []


def test_descriptor_is_positive(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)  # expect: never-released
    assert descriptor > 2


def test_one_end_of_the_pipe_stays_open():
    reading, writing = os.pipe()  # expect: never-released
    os.close(writing)
    assert os.read(reading, 1) == b""


def test_what_raises_later_has_nothing_to_do_with_it(tmp_path):
    if not tmp_path.exists():
        open(tmp_path / "written.txt", "w").write("written")  # expect: never-released "never released"
        raise ValueError("it is written anew")
