"""Files in a list, closed by a loop over the list: in a finally clause they are all closed, at the end of the test they may not be."""


def test_swept_in_finally(tmp_path):
    files = []
    try:
        for number in range(3):
            files.append(open(tmp_path / str(number), "w"))
        assert len(files) == 3
    finally:
        for file in files:
            file.close()


def test_swept_after_an_assertion(tmp_path):
    files = []
    for number in range(3):
        files.append(open(tmp_path / str(number), "w"))  # expect: leak-on-failure
    assert len(files) == 3
    for file in files:
        file.close()


def test_never_swept(tmp_path):
    files = []
    for number in range(3):
        files.append(open(tmp_path / str(number), "w"))  # expect: never-released
    assert len(files) == 3


def open_some(folder):
    return [open(folder / str(number), "w") for number in range(3)]


def test_a_list_that_is_there_can_be_walked(tmp_path):
    files = open_some(tmp_path)
    try:
        assert len(files) == 3
    finally:
        for file in files:
            file.close()
