"""No assertion between open and close, but calls: each of them may raise, and then nothing closes the file."""

import shutil


def test_a_line(tmp_path, request):
    file = open(tmp_path / "lines", "w")  # expect: leak-on-failure [lines]
    file.write(request.node.name)  # step [lines]: raise
    file.close()
    assert (tmp_path / "lines").read_text() == request.node.name


def test_two_files_at_once(tmp_path):
    first = open(tmp_path / "first", "w")  # expect: leak-on-failure [first]
    shutil.copy(__file__, tmp_path / "second")  # step [first]: raise
    first.close()
    assert (tmp_path / "second").exists()
