"""Writes the names of countries in all languages of CLDR, folded: countries.py OUT.

One line for each name: the folded name, a tab, and the ISO 3166 alpha-2 code, sorted by name. The names come from the Unicode Common Locale Data
Repository by way of Babel; the alpha-3 codes are its aliases of territories. A name that means two countries in two languages is left out, unless
nine of ten languages agree. The folding is the one of `normalise/fold.rs`; a test there holds the file to it.
"""
import collections
import re
import sys

import anyascii
from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global

# Regions that are no countries: unions, and parts of countries that ISO 3166 reserves a code for.
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "IC", "EA", "AC", "CP", "DG", "TA", "CQ"}
UMLAUTS = {"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}


def fold(text):
    out = []
    for c in text:
        for plain in UMLAUTS.get(c.lower()) or anyascii.anyascii(c):
            plain = plain.lower()
            if plain in "'`":
                continue
            if not plain.isalnum():
                if out and out[-1] != " ":
                    out.append(" ")
                continue
            before = "".join(out[-2:])
            if plain == "e" and (before[-1:] in ("a", "o") or before[-1:] == "u" and before not in ("au", "eu", "qu")):
                continue
            out.append(plain)
    return "".join(out).strip()


def is_country(code):
    # Codes for private use begin with X or are AA and ZZ; Kosovo has no other.
    return bool(re.fullmatch("[A-Z]{2}", code)) and code not in NO_COUNTRIES | {"AA", "ZZ"} and (code[0] != "X" or code == "XK")


def names():
    found = collections.defaultdict(collections.Counter)
    for identifier in localedata.locale_identifiers():
        try:
            locale = Locale.parse(identifier)
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in locale.territories.items():
            if is_country(code):
                for written in (name, re.sub(r"\(.*?\)", " ", name)):
                    # A locale of a region repeats the names of its language.
                    found[fold(written)][code] += 1 if "_" in identifier else 100
    for alias, codes in get_global("territory_aliases").items():
        if re.fullmatch("[A-Z]{3}", alias) and len(codes) == 1 and is_country(codes[0]):
            found[alias.lower()][codes[0]] += 100_000
    return found


def main():
    (out,) = sys.argv[1:]
    lines = []
    for name, codes in names().items():
        code, most = codes.most_common(1)[0]
        if len(name) > 2 and most >= 0.9 * sum(codes.values()):
            lines.append(f"{name}\t{code.lower()}")
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    main()
