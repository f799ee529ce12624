"""The template's Rules refuse parameters that cannot work together; no function refuses at its start what they let through."""

import re
import unittest

from deployed import NEEDED, ROOT, source

TOGETHER = (ROOT / "functions/settings/together.rs").read_text()


def holds(expression, values):
    """Whether an expression of a rule holds, as CloudFormation documents it."""
    [(function, argument)] = expression.items()
    if function == "Fn::Or":
        return any(holds(one, values) for one in argument)
    if function == "Fn::And":
        return all(holds(one, values) for one in argument)
    if function == "Fn::Not":
        return not holds(argument[0], values)
    one, other = (values[part["Ref"]] if isinstance(part, dict) else part for part in argument)
    if function == "Fn::Equals":
        return str(one) == str(other)
    if function == "Fn::Contains":
        return str(other) in one
    raise NotImplementedError(function)


class Rules(unittest.TestCase):
    def setUp(self):
        self.source = source()
        self.defaults = {name: parameter.get("Default") for name, parameter in self.source["Parameters"].items()} | NEEDED

    def refused(self, **given):
        """The descriptions of the rules that CloudFormation would refuse these parameters by."""
        values = self.defaults | given
        return [
            assertion["AssertDescription"] for rule in self.source["Rules"].values()
            if "RuleCondition" not in rule or holds(rule["RuleCondition"], values)
            for assertion in rule["Assertions"] if not holds(assertion["Assert"], values)
        ]

    def test_the_defaults_are_taken(self):
        self.assertEqual(self.refused(), [])

    def test_no_pair_is_let_through_that_leaves_a_slice_no_time(self):
        [work] = re.findall(r"LEAST_WORK: SignedDuration = SignedDuration::from_secs\((\d+)\)", TOGETHER)
        bounds = {name: self.source["Parameters"][name] for name in ("SyncTimeout", "SyncReserveSeconds")}
        timeouts, reserves = (range(one["MinValue"], one["MaxValue"] + 1) for one in bounds.values())
        taken = 0
        for timeout in timeouts:
            for reserve in reserves:
                if not self.refused(SyncTimeout=str(timeout), SyncReserveSeconds=str(reserve)):
                    self.assertLessEqual(reserve + int(work), timeout)
                    taken += 1
        self.assertGreater(taken, 0.9 * len(timeouts) * len(reserves), "hardly anything else is refused")
        self.assertEqual(len(self.refused(SyncTimeout="10")), 1, "the default reserve is for longer slices")

    def test_a_removal_that_would_not_wait_is_for_this_machine_only(self):
        values = self.source["Parameters"]["RemovalSettleSeconds"]["AllowedValues"]
        kms = (ROOT / "infra/src/aws/kms.rs").read_text()
        [remembered] = re.findall(r"const REMEMBERED: Duration = Duration::from_secs\((\d+)\)", kms)
        for seconds in values:
            waits = int(seconds) >= int(remembered)
            self.assertEqual(self.refused(RemovalSettleSeconds=str(seconds)) == [], waits, seconds)
            self.assertEqual(self.refused(RemovalSettleSeconds=str(seconds), CrmLoopback="yes"), [], seconds)

    def test_half_an_app_is_none(self):
        page = {"OauthRedirectUrl": "https://app.werk.example/connected"}
        prefixes = [name.removesuffix("ClientId") for name in self.defaults if re.fullmatch(r"(?!.*Previous|Console)\w+ClientId", name)]
        self.assertEqual(prefixes, ["Salesforce", "HubSpot", "Dynamics"])
        for prefix in prefixes:
            app = {f"{prefix}ClientId": "an-app", f"{prefix}ClientSecret": "a-secret"}
            with self.subTest(prefix):
                self.assertEqual(self.refused(**app, **page), [])
                self.assertEqual(self.refused(**app, CrmLoopback="yes"), [])
                self.assertEqual(self.refused(**app), [f"{prefix}ClientId is set, but OauthRedirectUrl is still the example"])
                alone = self.refused(**{f"{prefix}ClientSecret": "a-secret"})
                self.assertEqual(alone, [f"{prefix}ClientSecret is set, but {prefix}ClientId is none"])
                vendor = (ROOT / "infra/src/crm" / prefix.lower() / "settings.rs").read_text()
                [needs_secret] = re.findall(r"needs_secret: (true|false)", vendor)
                told = [f"{prefix}ClientId is set, but {prefix}ClientSecret is none"] if needs_secret == "true" else []
                self.assertEqual(self.refused(**{f"{prefix}ClientId": "an-app"}, **page), told)
        [example] = re.findall(r'NO_PAGE: &str = "([^"]+)"', TOGETHER)
        self.assertEqual(self.defaults["OauthRedirectUrl"], example)


if __name__ == "__main__":
    unittest.main()
