"""Runs a test on the template, and on broken ones. A test that passes on those would prove nothing."""

import functools
import unittest

from deployed import Deployed, expanded


def broken_by(*breakages, **parameters):
    """Marks a test of the template, deployed with these parameters. It has to fail after each of `breakages`, which are functions that
    change its resources."""

    def decorate(test):
        @functools.wraps(test)
        def run(self):
            test(self, Deployed(expanded(), **parameters))
            for number, breakage in enumerate(breakages):
                template = expanded()
                breakage(template["Resources"])
                with self.subTest(breakage=number):
                    try:
                        test(self, Deployed(template, **parameters))
                    except AssertionError:
                        continue
                    raise AssertionError("the template was broken, but the test passed")

        return run

    return decorate


def put(*path):
    """A breakage that puts the last of `path` at the place that the others name."""
    *way, last, value = path

    def breakage(resources):
        place = resources
        for step in way:
            place = place[step]
        place[last] = value

    return breakage


def without(*path):
    """A breakage that deletes what is at this place."""
    *way, last = path

    def breakage(resources):
        place = resources
        for step in way:
            place = place[step]
        del place[last]

    return breakage


def role_policies(role):
    """The path to a role's statements."""
    return (role, "Properties", "Policies", 0, "PolicyDocument", "Statement")


def without_alarm(logical):
    """A breakage that deletes an alarm, and its name in the dashboard."""

    def breakage(resources):
        del resources[logical]
        body = resources["Dashboard"]["Properties"]["DashboardBody"]
        body["Fn::Sub"] = body["Fn::Sub"].replace(f"${{{logical}.Arn}}", "gone")

    return breakage


def another(kind, **properties):
    """A breakage that adds a resource."""

    def breakage(resources):
        resources["Another"] = {"Type": kind, "Properties": properties}

    return breakage


class Promises(unittest.TestCase):
    """Tests of the deployed template."""

    maxDiff = None
