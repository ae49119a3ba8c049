"""Helpers of the tests beside this file: they change warning filters under a manager that puts them back."""

import warnings


def quietly(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()


def quiet_once(call):
    return quietly(call)
