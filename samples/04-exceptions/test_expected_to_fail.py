"""Where the test goes on to fail if there was something to open, it had expected nothing, and has nothing to close."""

import asyncio
import contextlib
import os
import threading
import unittest


class TestMissing(unittest.TestCase):
    def test_else(self):
        try:
            open("/no/such/file")
        except OSError:
            pass
        else:
            self.fail("it is there")

    def test_next_statement(self):
        try:
            open("/no/such/file")
            self.fail("it is there")
        except OSError as error:
            self.assertEqual(2, error.errno)

    def test_nothing_is_caught(self):
        if not self.id():
            file = open("/no/such/file")  # expect: leak-on-failure
            self.fail("it is there")
            file.close()

    def test_handed_to_the_assertion(self):
        def open_it():
            open("/no/such/file")

        self.assertRaises(OSError, open_it)

    def test_called_as_well(self):
        def open_it():
            return open(os.devnull).fileno()  # expect: never-released

        self.assertGreater(open_it(), 0)
        with contextlib.suppress(AssertionError):
            self.assertRaises(OSError, open_it)

    def test_let_pass(self):
        try:
            unread = open("/no/such/file")
        except OSError as error:
            self.assertEqual(2, error.errno)

    def test_let_pass_where_it_may_be_read(self):
        try:
            file = open(os.devnull)  # expect: never-released
        except OSError:
            pass
        else:
            self.assertEqual("", file.read())

    def test_skipped_where_there_is_none(self):
        try:
            unread = open(os.devnull)  # expect: never-released
        except OSError:
            self.skipTest("no such thing")

    def test_asserts_what_cannot_be(self):
        for name in ("/no/such/file", "/nor/this/one"):
            try:
                file = open(name)
                self.assertEqual(0, 1)
                file.close()
            except OSError:
                pass

    def test_plain_assertion_of_what_cannot_be(self):
        try:
            open("/no/such/file")
            assert False, "it is there"
        except OSError:
            pass

    def test_what_was_made_before_is_entered(self):
        first, second = open(os.devnull), open(os.devnull)
        with first, second:
            self.assertEqual(first.read(), second.read())

class TestInTime(unittest.IsolatedAsyncioTestCase):
    async def test_nobody_listens(self):
        try:
            await asyncio.wait_for(asyncio.open_connection("127.0.0.1", 1), 5)
        except (ConnectionRefusedError, asyncio.TimeoutError):
            pass
        else:
            self.fail("somebody does")


class TestStarted(unittest.TestCase):
    def test_a_thread_of_nothing(self):
        thread = threading.Thread(target=len, args=("",))
        thread.start()
        thread.join()
        try:
            thread.start()
        except RuntimeError:
            pass
        else:
            self.fail("started twice")

    def test_no_thread_at_all(self):
        thread = threading.Thread(group=None, target=None, name="never")
        thread._started.set()  # As if it had run.
        try:
            thread.start()
        except RuntimeError:
            pass
        else:
            self.fail("started twice")
