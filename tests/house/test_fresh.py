"""Walks through the whole house in which no process remembers anything: each invocation has a new process, as on AWS for
whatever happens once a day. FRESH=1 runs any other house test in this way."""

import os
import unittest
from unittest import mock

import test_create
import test_export
import test_house
import test_offboard
import test_removal
import test_rights
import test_shown

# Together with the houses that are always built with fresh processes (test_companies, test_create_companies, test_held,
# test_hubspot_api, test_large), these tests use every function, everything that a process remembers (keys, tenants' keys,
# suppressions, grants), and every right of a role that any test uses; granted.py checks that.
CHOSEN = {
    test_house.House: [
        "test_the_copy_follows_the_crm_from_run_to_run", "test_a_used_up_daily_limit_pauses_the_run_and_its_next_trigger_goes_on_with_it",
    ],
    test_export.Returned: [
        "test_the_copy_is_given_back_whole_and_goes_with_the_removal",
        "test_an_objection_holds_when_the_organisation_is_connected_again_and_the_copy_begins_empty",
    ],
    test_offboard.Offboard: ["test_the_operators_role_ends_a_tenant_by_the_api_and_no_token_can"],
    test_removal.Removal: [
        "test_everything_of_a_tenant_goes_and_nothing_of_another", "test_an_order_that_was_lost_is_given_again_by_the_hourly_rule",
    ],
    test_rights.Rights: ["test_whoever_is_erased_comes_back_with_nothing_but_a_lift"],
    test_shown.Shown: ["test_what_was_copied_is_shown_decided_and_erased"],
    test_create.Creating: ["test_a_basis_then_one_record_whatever_is_lost_and_none_against_an_objection"],
}


class Fresh:
    """Runs before a class of tests makes its world."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(mock.patch.dict(os.environ, {"FRESH": "1"}))
        super().setUpClass()


def load_tests(loader, *_):
    suite = unittest.TestSuite()
    for tests, names in CHOSEN.items():
        fresh = type(f"Fresh{tests.__name__}", (Fresh, tests), {"__module__": __name__})
        suite.addTests(fresh(name) for name in names)
    return suite


if __name__ == "__main__":
    unittest.main()
