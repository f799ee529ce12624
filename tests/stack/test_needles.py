"""The search finds each form at each offset, and nothing else."""

import base64
import json
import os
import unittest
import urllib.parse

from needles import Search

NAMES = ["Jürgen Groß-Müller", "erika.mustermann@example.org", "Łukasz Żółć"]


class Needles(unittest.TestCase):
    def found(self, body, strings=NAMES):
        return {string for string, _ in Search(strings).find(body)}

    def test_each_form_is_found_at_each_offset(self):
        for name in NAMES:
            raw = name.encode()
            for offset in range(9):
                before, after = os.urandom(offset), os.urandom(5)
                for form, body in {
                    "clear": before + raw + after,
                    "small": before + name.lower().encode() + after,
                    "capitals": b"x" * offset + name.replace("ß", "ss").upper().encode() if "ß" not in name else before + raw,
                    "json": before + json.dumps(name).encode() + after,
                    "url": before + urllib.parse.quote(name).encode() + after,
                    "base64": base64.b64encode(before + raw + after),
                    "base64url": base64.urlsafe_b64encode(before + raw + after),
                    "hex": (before + raw + after).hex().encode(),
                    "HEX": (before + raw + after).hex().upper().encode(),
                }.items():
                    with self.subTest(name=name, offset=offset, form=form):
                        self.assertEqual(self.found(body), {name})

    def test_what_is_not_there_is_not_found(self):
        self.assertEqual(self.found(os.urandom(100_000)), set())
        self.assertEqual(self.found(b""), set())
        self.assertEqual(self.found("Jürgen Groß und Frau Müller".encode()), set())

    def test_short_strings_are_found_too(self):
        self.assertEqual(self.found(b"x Li y", ["Li"]), {"Li"})


if __name__ == "__main__":
    unittest.main()
