"""A name that the module does not bind and that is no builtin may be anything: a function that keeps what it gets, or closes it."""

import os
import unittest

kept = []
exec("keep = kept.append")


class UnknownNames(unittest.TestCase):
    def test_kept_by_a_function_that_cannot_be_seen(self):
        keep(open(os.devnull))  # noqa: F821

    def test_a_builtin_looks_and_forgets(self):
        print(open(os.devnull))  # expect: never-released "file is never released"
