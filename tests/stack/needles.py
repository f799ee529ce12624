"""Finds many strings in many bytes, in every form in which text may be written in clear."""

import base64
import json
import sys
import urllib.parse

GRAM = 8


class Search:
    """Searches by the first eight bytes of each form, so that the number of strings hardly matters."""

    def __init__(self, strings):
        self._by_gram, self._short = {}, []
        for string in strings:
            for form, needle in forms(string):
                if len(needle) < GRAM:
                    self._short.append((needle, string, form))
                else:
                    self._by_gram.setdefault(_gram(needle), []).append((needle, string, form))

    def find(self, body):
        """The (string, form) pairs that are in the bytes, in upper or lower case."""
        body = bytes(body)
        found = set()
        # Case matters in encodings but not in text, so the bytes are searched as they are and in lower case.
        for hay in {body, body.decode("utf-8", "replace").lower().encode()}:
            for gram in self._grams_in(hay):
                found |= {(string, form) for needle, string, form in self._by_gram[gram] if needle in hay}
            found |= {(string, form) for needle, string, form in self._short if needle in hay}
        return sorted(found)

    def _grams_in(self, hay):
        there, known = set(), self._by_gram.keys()
        for offset in range(min(GRAM, len(hay))):
            whole = (len(hay) - offset) // GRAM * GRAM
            there |= known & set(memoryview(hay)[offset:offset + whole].cast("Q")) if whole else set()
        return there


def forms(string):
    """(name, bytes) of each form: unchanged, in lower case, escaped, in base64 at each of three offsets, in hex."""
    made = {}
    for variant in {string, string.lower()}:
        raw = variant.encode()
        made[raw] = "clear"
        made.setdefault(json.dumps(variant)[1:-1].encode(), "escaped as in JSON")
        made.setdefault(urllib.parse.quote(variant, safe="").encode(), "escaped as in a URL")
        made.setdefault(raw.hex().encode(), "hex")
        made.setdefault(raw.hex().upper().encode(), "hex")
        for offset in range(3):
            for piece in (base64.b64encode, base64.urlsafe_b64encode):
                # The outer characters depend on the neighbouring bytes. Those in between are the same wherever the string stands.
                text = piece(b"\0" * offset + raw)
                first, last = (0, 2, 3)[offset], len(text) - (0 if (offset + len(raw)) % 3 == 0 else (3, 2)[(offset + len(raw)) % 3 - 1])
                if last - first >= GRAM:
                    made.setdefault(text[first:last], "base64")
    # The lower-case search finds only needles that are in lower case or encoded; `made` has both variants.
    return [(form, needle) for needle, form in made.items()]


def _gram(needle):
    return int.from_bytes(needle[:GRAM], sys.byteorder)
