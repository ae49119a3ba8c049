"""Arguments decide whether a call acquires, and how far what it acquires is felt."""

import harbour


def test_a_flag_that_is_false_or_not_given():
    harbour.Crate()  # expect: never-released
    harbour.Crate(keep=False)  # expect: never-released


def test_a_flag_that_is_true():
    harbour.Crate(keep=True)  # expect: never-released


def test_a_flag_that_is_computed(keep=True):
    harbour.Crate(keep=keep)


def test_a_text_and_an_argument_that_is_absent():
    harbour.hire("Ann", "watchman")  # expect: never-released
    harbour.hire("Bob", role="watch and ward")  # expect: never-released
    harbour.hire("Cid", "cook")
    harbour.hire("Dee", "watchman", daily=True)


def test_a_name_and_the_key_of_a_dictionary():
    harbour.send(mode=harbour.TRACKED, options={"insured": True})  # expect: never-released
    harbour.send(mode=harbour.LOOSE, options={"insured": True})
    harbour.send(mode=harbour.TRACKED, options={})
