"""A helper that opens, does more and returns: if the more fails, nobody has the file. This is the helper's own fault."""

import os


def opened_with_header(header):
    file = open(os.devnull, "w")  # expect: leak-on-failure [header]
    file.write(header)  # step [header]: raise
    return file


def opened_with_header_or_closed(header):
    file = open(os.devnull, "w")
    try:
        file.write(header)
    except BaseException:
        file.close()
        raise
    return file


def test_header():
    with opened_with_header("id\n") as file:
        assert file.writable()


def test_header_or_closed():
    with opened_with_header_or_closed("id\n") as file:
        assert file.writable()


def opened_deep(depth):
    if depth == 0:
        return open(os.devnull)
    return opened_deep(depth - 1)


def test_recursive_helper():
    with opened_deep(3) as file:
        assert file.read() == ""
