"""Reads the golden files of sealed bytes with a reader that shares no code with the product."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag

sys.path.insert(0, str(Path(__file__).parent))
import read_sealed

GOLDEN = Path(__file__).resolve().parents[2] / "domain" / "tests" / "golden"
FORMATS = [json.loads((GOLDEN / f"format-{number}.json").read_text()) for number in (1, 2)]
# The magic number of a skippable frame of zstd (RFC 8878, section 3.1.2).
SKIPPABLE = bytes.fromhex("5a2a4d18")
CASES = [(bytes.fromhex(golden["keys"]), case) for golden in FORMATS for case in golden["cases"]]


def place_of(case):
    return [case[part] for part in ("room", "tenant", "integration", "generation", "object", "key")]


class Sealed(unittest.TestCase):
    def test_every_golden_case_opens_to_its_body(self):
        self.assertGreaterEqual(len(CASES), 48)
        for keys, case in CASES:
            where = read_sealed.place(*place_of(case))
            body = read_sealed.open_sealed(keys, where, b64decode(case["sealed"]))
            self.assertEqual(body, b64decode(case["body"]), place_of(case))

    def test_a_pages_noise_is_one_skippable_frame_of_zeros_and_no_other_body_has_any(self):
        noisy = []
        for keys, case in CASES:
            packed = read_sealed.packed_body(keys, read_sealed.place(*place_of(case)), b64decode(case["sealed"]))
            _, magic, noise = packed.partition(SKIPPABLE)
            if magic:
                self.assertEqual((int.from_bytes(noise[:4], "little"), noise[4:].strip(b"\0")), (len(noise) - 4, b""))
                noisy.append((case["room"], len(noise)))
        [(room, length)] = noisy
        self.assertEqual(room, "pages.page")
        self.assertGreater(length, 512)

    def test_no_golden_case_opens_at_the_place_of_another(self):
        for golden in FORMATS:
            first, *others = golden["cases"]
            sealed = b64decode(first["sealed"])
            for other in others:
                with self.assertRaises(InvalidTag):
                    read_sealed.open_sealed(bytes.fromhex(golden["keys"]), read_sealed.place(*place_of(other)), sealed)

    def test_no_format_passes_for_another(self):
        for keys, case in CASES:
            sealed = b64decode(case["sealed"])
            with self.assertRaises(InvalidTag):
                read_sealed.open_sealed(keys, read_sealed.place(*place_of(case)), bytes([3 - sealed[0]]) + sealed[1:])

    def test_another_format_and_a_cut_are_refused(self):
        keys, case = max(CASES, key=lambda case: len(case[1]["sealed"]))
        where, sealed = read_sealed.place(*place_of(case)), b64decode(case["sealed"])
        for wrong in (b"\3" + sealed[1:], sealed[:90], b""):
            with self.assertRaises(ValueError):
                read_sealed.open_sealed(keys, where, wrong)
        with self.assertRaises(InvalidTag):
            read_sealed.open_sealed(keys, where, sealed[:-1])

    def test_the_keyed_hashes_come_out(self):
        golden = FORMATS[0]
        self.assertGreaterEqual(len(golden["hashes"]), 15)
        for case in golden["hashes"]:
            self.assertEqual(read_sealed.keyed_hash(bytes.fromhex(golden["keys"]), case["kind"], case["value"]), case["hash"], case)

    def test_the_command_writes_the_body(self):
        keys, case = next((keys, case) for keys, case in reversed(CASES) if "\0" not in case["key"] and case["body"])
        with tempfile.NamedTemporaryFile() as file:
            file.write(keys)
            file.flush()
            command = [sys.executable, str(Path(read_sealed.__file__)), file.name, *map(str, place_of(case))]
            done = subprocess.run(command, input=b64decode(case["sealed"]), capture_output=True, check=True)
        self.assertEqual(done.stdout, b64decode(case["body"]))


class Xaes(unittest.TestCase):
    """https://c2sp.org/XAES-256-GCM, "Accumulated randomized tests": inputs from one SHAKE-128, outputs into another."""

    PUBLISHED = "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"

    def test_ten_thousand_random_messages_come_out_as_published_and_the_first_as_in_the_golden_file(self):
        golden = json.loads((GOLDEN / "xaes-256-gcm.json").read_text())
        self.assertGreaterEqual(len(golden), 20)
        stream, at, outputs = hashlib.shake_128().digest(10_000 * (32 + 24 + 2 + 510)), 0, hashlib.shake_128()

        def read(length):
            nonlocal at
            at += length
            return stream[at - length:at]

        for number in range(10_000):
            key, nonce = read(32), read(24)
            text = read(read(1)[0])
            associated = read(read(1)[0])
            gcm, rest = read_sealed.xaes(key, nonce)
            sealed = gcm.encrypt(rest, text, associated)
            outputs.update(sealed)
            if number < len(golden):
                parts = {"key": key, "nonce": nonce, "text": text, "associated": associated, "sealed": sealed}
                self.assertEqual(golden[number], {name: b64encode(part).decode() for name, part in parts.items()})
        self.assertEqual(outputs.hexdigest(32), self.PUBLISHED)


if __name__ == "__main__":
    unittest.main()
