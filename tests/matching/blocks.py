"""The fields by which Splink is given pairs. A file without a postal code or a domain must still be measured, so only those of the file count."""

# Pairs that are compared.
COMPARED = (
    ("domain",), ("phone",), ("vat_id",), ("name",), ("name_start",), ("zip", "first_word"), ("zip", "last_word"), ("city", "first_word"), ("zip", "street"),
)
# Pairs that are nearly always the same company, from which the share of such pairs is estimated.
SAME = (("domain", "name"), ("vat_id",), ("name", "zip"), ("name", "city"))
# Sides from which the weights of all other fields are learned. The town stands in where there are no streets.
SIDES = (("name",), ("domain",), ("zip", "street"))
INSTEAD = ("city",)


def values_of(rows, fields):
    return {key for row in rows if all(key := tuple(row[field] for field in fields))}


def possible(rules, companies, records):
    """The rules by which a company and a record have equal values."""
    return [fields for fields in rules if values_of(companies, fields) & values_of(records, fields)]


def sides(companies, records):
    found = possible(SIDES, companies, records)
    return found if len(found) == len(SIDES) else [*found, *possible([INSTEAD], companies, records)]


def compared(fields, companies, records):
    """The fields that have a value on both sides."""
    return [field for field in fields if values_of(companies, [field]) and values_of(records, [field])]
