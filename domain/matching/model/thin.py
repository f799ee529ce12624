"""Removes values from labelled records, like CRMs with less complete data: thin.py RECORDS OUT SEED.

Each record loses each of its values with a probability of its own: some lose hardly anything, others everything but the name. One record in
twenty loses its name, like a contact without an account. The ids stay, so the truth is the same.
"""
import csv
import random
import sys


def main():
    source, out, seed = sys.argv[1:]
    draw = random.Random(int(seed))
    with open(source, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        chance = draw.choice((0.3, 0.6, 0.9))
        for column in row:
            if column not in ("id", "name") and draw.random() < chance:
                row[column] = ""
        if draw.random() < 0.05:
            row["name"] = ""
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
