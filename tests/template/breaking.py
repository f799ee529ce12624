"""Holds a promise against the template, and against broken ones: a test that passes on those would prove nothing."""

import functools
import unittest

from deployed import Deployed, expanded


def broken_by(*breakages):
    """A test of the deployed template; it has to fail on the template after each of `breakages`, functions of its resources."""

    def decorate(test):
        @functools.wraps(test)
        def run(self):
            test(self, Deployed(expanded()))
            for number, breakage in enumerate(breakages):
                template = expanded()
                breakage(template["Resources"])
                with self.subTest(breakage=number):
                    try:
                        test(self, Deployed(template))
                    except AssertionError:
                        continue
                    raise AssertionError("the template was broken, and the test did not see it")

        return run

    return decorate


def put(*path):
    """A breakage: the last of `path` is put at the place that the others name."""
    *way, last, value = path

    def breakage(resources):
        place = resources
        for step in way:
            place = place[step]
        place[last] = value

    return breakage


def without(*path):
    """A breakage: what is at that place is taken away."""
    *way, last = path

    def breakage(resources):
        place = resources
        for step in way:
            place = place[step]
        del place[last]

    return breakage


def another(kind, **properties):
    """A breakage: one more resource."""

    def breakage(resources):
        resources["Another"] = {"Type": kind, "Properties": properties}

    return breakage


class Promises(unittest.TestCase):
    """Tests of the deployed template."""

    maxDiff = None
