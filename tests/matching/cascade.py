"""What a careful person builds first: a cascade of equal values, each rule only for records that no earlier one has linked.

A rule links a record if exactly one company has the same values. It has no threshold, so its figures are those of every day, not the best ones
for these labels.
"""
from collections import defaultdict

from folded import domain, fold, name, plain, postal_code

# The fields that have to be equal, the surest rule first.
RULES = (("domain", "name"), ("zip", "name"), ("city", "name"), ("domain",), ("name",))


def values(row):
    """The folded values of a company or a record."""
    return {
        "name": name(row.get("name") or ""), "domain": domain(row.get("domain") or row.get("website") or ""),
        "zip": postal_code(row.get("zip") or ""), "city": plain(fold(row.get("city") or "")), "country": (row.get("country") or "").strip().upper(),
    }


def link(companies, records):
    """The company of each record that has one, by id."""
    folded = [(row["id"], values(row)) for row in companies]
    linked, left = {}, [(row["id"], values(row)) for row in records]
    for fields in RULES:
        by_values = defaultdict(list)
        for company, of_it in folded:
            by_values[tuple(of_it[field] for field in fields)].append((company, of_it["country"]))
        still_left = []
        for record, of_it in left:
            wanted = tuple(of_it[field] for field in fields)
            found = by_values.get(wanted, []) if all(wanted) else []
            if len(found) == 1 and not differ(of_it["country"], found[0][1]):
                linked[record] = found[0][0]
            else:
                still_left.append((record, of_it))
        left = still_left
    return linked


def differ(one, other):
    """Whether two country codes differ. A country that is written out is not compared."""
    return len(one) == len(other) == 2 and one != other


def measure(companies, records, truth):
    """Precision, recall and F1 of the cascade on labelled rows."""
    linked = link(companies, records)
    known = {row["record_id"]: row["company_id"] for row in truth}
    answers = [known[record] == company for record, company in linked.items() if record in known]
    right, there = sum(answers), sum(bool(company) for company in known.values())
    precision, recall = right / max(len(answers), 1), right / max(there, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-12)}
