"""What raises only when the machine fails: no finding where a cleanup is provided for, one where it is left to the way on."""

import os
import tempfile
import unittest

NAME = os.path.join(tempfile.gettempdir(), "campsite-sample-%d" % os.getpid())


class TestRegistered(unittest.TestCase):
    def setUp(self):
        self.log = tempfile.NamedTemporaryFile("w+")
        self.log.write("started")
        self.log.flush()
        self.addCleanup(self.log.close)

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestClosedByHook(unittest.TestCase):
    def setUp(self):
        self.log = tempfile.TemporaryFile("w+")
        self.log.write("started")

    def tearDown(self):
        self.log.close()

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestAnotherFileIsWritten(unittest.TestCase):
    def setUp(self):
        self.log = tempfile.TemporaryFile("w+")
        with open(NAME, "w") as other:
            other.write("started")

    def tearDown(self):
        # The file is there: setUp has made it.
        os.unlink(NAME)
        self.log.close()

    def test_log(self):
        self.assertTrue(os.path.exists(NAME))


def test_closed_on_the_way_on(tmp_path, request):
    log = open(tmp_path / "log", "w")  # expect: leak-on-failure [full]
    log.write(request.node.name)  # step [full]: raise
    log.close()


HEADER = "started\n"


def test_text_of_its_own_needs_room_as_well(tmp_path):
    log = open(tmp_path / "log", "w")  # expect: leak-on-failure "takes an interrupt, or a full disk"
    log.write("line %d\n" % 1)
    log.close()


def test_what_the_buffer_holds_needs_none(tmp_path):
    log = open(tmp_path / "log", "w")  # expect: leak-on-failure "an interrupt (Ctrl-C, a time limit) stops line"
    log.write(HEADER)
    log.close()


def test_whoever_is_ready_for_a_full_disk(tmp_path):
    log = open(tmp_path / "log", "w")
    try:
        log.write("line %d\n" % 1)
    except OSError:
        log.close()
        raise unittest.SkipTest("no room")
    log.close()


def test_another_place_in_the_file_needs_none(tmp_path):
    log = open(tmp_path / "log", "w")
    log.seek(0)
    log.close()
