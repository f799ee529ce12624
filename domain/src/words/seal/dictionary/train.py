"""Makes the dictionary with which small bodies are compressed, from the generator's records:

    generator crm --seed 71 --companies-seed 72 --companies-size 4000 --accounts 4000 --contacts 4000 --leads 4000 --tasks 4000 \\
        --opportunities 4000 --out crm.ndjson
    python domain/src/words/seal/dictionary/train.py crm.ndjson domain/src/words/seal/dictionary/1

**A dictionary is never changed**, because bodies that were sealed with it open only with it. The file `1` counts, not this script: a later generator makes other bytes. A better dictionary gets the next number and is added beside it.

The dictionary should know how a body is built: a CRM's names of fields, its picklists, dates, ids, and the distribution of letters. It must
not know the generator's vocabulary, which would flatter every measurement on generated records. So free text is left out, and the letters of
names, streets and addresses are shuffled within each word."""

import json
import random
import re
import sys

import zstandard

# With 16 KiB bodies are 1 to 2 per cent smaller, with 4 KiB 2 per cent larger (November 2026).
SIZE = 8192
LEVEL = 1
# Sealed bodies name the dictionary by this id (32,768 to 2^31 is free for private use).
NUMBER = 0x41620001

FREE_TEXT = ("Description", "Subject", "NextStep")
NAMES = re.compile(r"^(First|Last)?Name$|Street$|City$|^Email$|^Website$|^Company$|^Title$|^Department$")
# Fields of the generator's own, with names that no customer uses.
GENERATORS = ("External_Id__c",)
# Evidence, as domain/src/shared/body/relations.rs writes it.
FIELDS, AGREEMENTS = "ndpsztfvrco", "eeecpd"
ABOUT = {
    "company": ("Name", "Company"), "street": ("BillingStreet", "MailingStreet", "Street"), "zip": ("BillingPostalCode", "MailingPostalCode", "PostalCode"),
    "city": ("BillingCity", "MailingCity", "City"), "country": ("BillingCountry", "MailingCountry", "Country"), "website": ("Website",),
    "phone": ("Phone", "MobilePhone"), "email": ("Email",), "vat_id": ("VAT_ID__c",), "register": ("Register_Number__c",),
    "parent": ("AccountId", "WhatId", "WhoId"),
}
STANDING = {
    "label": ("Name", "LastName"), "owner": ("OwnerId",), "stage": ("StageName", "Status"), "amount": ("Amount",), "due": ("CloseDate", "ActivityDate"),
    "activity": ("LastActivityDate",),
}


def body(object, fields, chance):
    fields = {name: told(name, value, chance) for name, value in sorted(fields.items()) if value not in (None, "") and name not in FREE_TEXT + GENERATORS}
    parts = {
        "format": 3,
        "copied": f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T0{chance.randint(0, 9)}:{chance.randint(10, 59)}:{chance.randint(10, 59)}Z",
        "about": first(ABOUT, fields) if object in ("Account", "Contact", "Lead") else {key: value for key, value in first(ABOUT, fields).items() if key == "parent"},
        "standing": first(STANDING, fields),
    }
    if object not in ("Task", "Opportunity") and chance.random() < 0.85:
        parts["relations"] = relations(chance)
    return json.dumps(parts | {"fields": fields}, ensure_ascii=False, separators=(",", ":")).encode()


def told(name, value, chance):
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+0000", value):
        return value.replace("+0000", "Z")
    return re.sub(r"[^\W\d_]+", lambda word: shuffled(word[0], chance), value) if NAMES.search(name) else value


def shuffled(word, chance):
    letters = list(word)
    chance.shuffle(letters)
    return "".join(letters)


def first(names, fields):
    found = {key: next((fields[name] for name in those if name in fields), None) for key, those in names.items()}
    return {key: str(value) for key, value in found.items() if value is not None}


def relations(chance):
    n = chance.choice([1, 1, 1, 1, 2])
    status = "automatic" if n == 1 else "suggested"
    return [
        {
            "company": shuffled("0123456789abcdef", chance)[: chance.randint(6, 12)], "score": chance.randint(350, 999), "status": status,
            "evidence": ",".join(f"{field}{chance.choice(AGREEMENTS)}{chance.randint(-80, 140)}" for field in chance.sample(FIELDS, chance.randint(5, 9))),
        }
        for _ in range(n)
    ]


def main(crm, out):
    chance = random.Random(71)
    with open(crm, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    bodies = [body(row["object"], row["fields"], chance) for row in rows]
    # Fixed, so that the same input gives the same bytes. Of segments from 50 to 400 bytes these did best (November 2026).
    made = zstandard.train_dictionary(SIZE, bodies, dict_id=NUMBER, level=LEVEL, k=200, d=8, f=20, threads=0)
    with open(out, "wb") as file:
        file.write(made.as_bytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
