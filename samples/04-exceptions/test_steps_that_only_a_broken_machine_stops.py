"""Between the acquisition and the release stands nothing that raises for any reason but a failing machine: no leak, or a note."""

import contextlib
import os
import shutil
import tempfile
import unittest

from helper_bodies import Page, Server, link_page, listing, mkdirs, numbered, serve, size_or_nothing, watch, write_empty


class Inner(unittest.TestCase):
    def test_nothing(self):
        self.assertTrue(self.id())


class Outer(unittest.TestCase):
    def test_making_a_case(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        case = Inner("test_nothing")
        os.close(descriptor)
        self.assertEqual(1, case.countTestCases())

    def test_running_it_is_another_matter(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure [run]
        case = Inner("test_nothing")
        case.debug()  # step [run]: raise
        os.close(descriptor)


class TestStrings(unittest.TestCase):
    def test_methods_of_strings(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        name = "some/path".replace("/", os.sep)
        parts = ", ".join([name, "b"]).split(", ")
        label = f"{len(parts)} parts".encode()
        os.close(descriptor)
        assert label == b"2 parts"

    def test_arguments_say_that_it_is_a_string(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        where = os.environ["PATH"].replace(os.sep, "/").partition(":")
        os.close(descriptor)
        assert where

    def test_a_codec_may_fail(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        self.name.encode("ascii")
        os.close(descriptor)

    def test_plain_text_in_any_codec(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        line = ascii("caf\xe9").encode("ascii") + "GET /\r\n".encode("latin-1")
        os.close(descriptor)
        assert line

    def test_a_letter_that_a_codec_lacks(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        line = "caf\xe9".encode("latin-1")
        os.close(descriptor)
        assert line

    name = "name"


class TestHelpers(unittest.TestCase):
    def test_constructor_stores(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        page = Page("title")
        os.close(descriptor)
        assert page.title == "title"

    def test_helpers_build_what_they_return(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        page = link_page({"a": "/a"})
        os.close(descriptor)
        assert page("x")

    def test_default_is_not_checked(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        server = Server()
        os.close(descriptor)
        assert server.certificate is None

    def test_what_is_given_is_checked(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        server = Server(certificate=os.environ.get("CERTIFICATE", os.devnull))
        os.close(descriptor)
        assert server.certificate

    def test_an_object_is_not_none(self):
        page = Page("title")
        descriptor = os.open(os.devnull, os.O_RDONLY)
        mode = watch(page, mode="r")
        os.close(descriptor)
        assert mode == "r"

    def test_what_was_looked_up_may_be_none(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        mode = watch(os.environ.get("PATH"))
        os.close(descriptor)
        assert mode == "w"

    def test_a_generator_is_only_made(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        numbers = numbered(["a"])
        os.close(descriptor)
        assert list(numbers) == [(0, "a")]

    def test_the_helper_reads_a_folder(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        names = listing(os.curdir)
        os.close(descriptor)
        assert names

    def test_the_helper_catches_what_it_raises(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        size = size_or_nothing(os.curdir)
        os.close(descriptor)
        assert size


class TestFolders(unittest.TestCase):
    def test_deeper_with_each_turn(self):
        folder = inner = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        descriptor = os.open(os.devnull, os.O_RDONLY)
        for part in ("a", "b"):
            inner = os.path.join(inner, part)
            os.mkdir(inner)
        with open(os.path.join(inner, "text"), "w"):
            pass
        os.close(descriptor)

    def test_a_helper_writes_into_one_of_its_own(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        descriptor = os.open(os.devnull, os.O_RDONLY)
        write_empty(os.path.join(folder, "text"))
        os.close(descriptor)

    def test_folders_that_are_made_where_they_are_missing(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        descriptor = os.open(os.devnull, os.O_RDONLY)
        mkdirs(os.path.join(folder, "a", "b"))
        os.close(descriptor)

    def test_a_helper_writes_wherever(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)  # expect: leak-on-failure
        write_empty(os.environ.get("CAMPSITE_SAMPLE", os.devnull))
        os.close(descriptor)

    def test_folder_in_a_folder(self):
        folder = tempfile.TemporaryDirectory()
        os.mkdir(os.path.join(folder.name, "inner"))
        folder.cleanup()


class TestManagers(unittest.TestCase):
    @contextlib.contextmanager
    def checked(self, file):
        """Closes the file, then asserts about it."""
        seen = []
        try:
            yield seen
        finally:
            file.close()
        self.assertEqual(["seen"], seen)

    def test_closed_before_it_is_checked(self):
        file = open(os.devnull)
        with self.checked(file) as seen:
            seen.append("seen")

    def test_another_file_is_open_when_it_asserts(self):
        file = open(os.devnull)
        other = open(os.devnull)  # expect: leak-on-failure
        with self.checked(file) as seen:
            seen.append("seen")
        other.close()

    def test_entering_runs_up_to_the_yield(self):
        descriptor = os.open(os.devnull, os.O_RDONLY)
        with serve("x"):
            pass
        os.close(descriptor)
