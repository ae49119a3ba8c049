"""Each turn of the loop opens another file under the same name; only the last one is closed."""

import os
import socket


def test_only_the_last_page_is_closed(tmp_path):
    page = None
    for number in range(3):
        page = open(tmp_path / str(number), "w")  # expect: overwritten-while-held
    if page is not None:
        page.close()
    assert len(os.listdir(tmp_path)) == 3


def test_continue_jumps_over_close(tmp_path):
    for name in ["a", "b", "skip"]:
        file = open(tmp_path / name, "w")  # expect: overwritten-while-held [jump]
        if name == "skip":  # step [jump]: branch
            continue
        file.close()
    assert len(os.listdir(tmp_path)) == 3


def test_break_jumps_over_close(tmp_path):
    for name in ["a", "b"]:
        file = open(tmp_path / name, "w")  # expect: never-released
        if name == "b":
            break
        file.close()
    assert len(os.listdir(tmp_path)) == 2


def test_retries_until_connected():
    attempts = 0
    while attempts < 2:
        connection = socket.socket()  # expect: overwritten-while-held
        attempts += 1
    assert attempts == 2
