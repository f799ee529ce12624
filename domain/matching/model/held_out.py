"""Measures matching on companies that no part of it was fitted to: held_out.py COMPANIES RECORDS TRUTH [OUT].

There are five folds by company. For each fold, the single weights, the trees and the retyped records (renoise.py) are made from the other folds
only, starting from hand-set weights. Then `match_bench` matches the records of the fold as the product does, shortcuts and margins included. A
threshold for a given precision is chosen from the scores of the other folds. Choices made once and for all are not refitted: the features, the match
keys, the parameters of the trees and the cutoffs. Needs `cargo build --release -p matching --example match_train --example match_bench`.
"""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib

import pandas

HERE = pathlib.Path(__file__).parent
PROGRAMS = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[2] / "target")) / "release/examples"
FOLDS = 5
# Enough to rank likely candidates first until better weights exist. Not derived from any data.
START = "prior 0\nweight Whole 0:-2000 160:0 180:2000\nweight Domain 0:-1000 1:0 5:2000\nweight Zip 0:-1000 1:0 6:1000\nweight Street 0:-1000 1:0 5:1000\n"


# Less complete files: the columns that the records, or the companies, lack.
WITHOUT = {
    "as it is": ([], []),
    "only name and city": (["street", "zip", "country", "website", "phone", "email", "vat_id", "register"], []),
    "only name, zip and city": (["street", "country", "website", "phone", "email", "vat_id", "register"], []),
    "only name and website": (["street", "zip", "city", "country", "phone", "email", "vat_id", "register"], []),
    "no phone, VAT id, register": (["phone", "vat_id", "register"], []),
    "no website": (["website", "email"], []),
    "companies without parent_id": ([], ["parent_id"]),
    "companies without phone, VAT id, register": ([], ["phone", "vat_id", "register"]),
}


def fold(key):
    return zlib.crc32(key.encode()) % FOLDS


def run(*words):
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, some):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(some[0]))
        writer.writeheader()
        writer.writerows(some)


def train(place, labelled, renoised):
    """Weights from labelled files: single weights twice, since they choose the candidates that the trees see, then the trees."""
    weights = place / "weights.txt"
    weights.write_text(START, encoding="ascii")
    for what in ("weights", "weights", "trees"):
        dumps = []
        run(sys.executable, HERE / "thin.py", labelled[1], place / "thin.csv", 3)
        thin = [labelled[0], place / "thin.csv", labelled[2]]
        for n, (files, share) in enumerate(((labelled, ""), (renoised, "*0.3"), (thin, "*0.3"))):
            dump = place / f"dump{n}.csv"
            run(PROGRAMS / "match_train", *files, dump, weights)
            dumps.append(f"{dump}{share}")
        run(sys.executable, HERE / "train.py", what, weights, *(dumps if what == "trees" else dumps[:1]))
    return weights


def score(place, n, companies, records, truth):
    """The outcomes of one fold's records."""
    known = rows(truth)
    mine = [row for row in known if fold(row["company_id"] or row["record_id"]) == n]
    others = [row for row in known if fold(row["company_id"] or row["record_id"]) != n]
    write(place / "mine.csv", mine)
    write(place / "others.csv", others)
    write(place / "companies.csv", [row for row in rows(companies) if fold(row["id"]) != n])
    run(sys.executable, HERE / "renoise.py", place / "companies.csv", place / "renoised", n + 11)
    renoised = [place / "renoised" / name for name in ("companies.csv", "records.csv", "truth.csv")]
    weights = train(place, [companies, records, place / "others.csv"], renoised)
    all_outcomes = {}
    for name, (of_records, of_companies) in WITHOUT.items():
        without(records, of_records, place / "some_records.csv")
        without(companies, of_companies, place / "some_companies.csv")
        run(PROGRAMS / "match_bench", place / "out.json", place / "some_companies.csv", place / "some_records.csv", place / "mine.csv", weights)
        outcomes = pandas.read_csv(place / "out.csv", dtype=str, keep_default_na=False)
        outcomes["score"], outcomes["fold"] = outcomes.score.astype(int), n
        all_outcomes[name] = outcomes
    print(f"fold {n} done", flush=True)
    return all_outcomes


def without(path, columns, out):
    write(out, [{name: value for name, value in row.items() if name not in columns} for row in rows(path)])


def figures(outcomes, chosen):
    right = (chosen & (outcomes.found == outcomes.company_id) & (outcomes.company_id != "")).sum()
    precision, recall = right / max(chosen.sum(), 1), right / (outcomes.company_id != "").sum()
    return {"precision": round(float(precision), 4), "recall": round(float(recall), 4), "f1": round(float(2 * precision * recall / max(precision + recall, 1e-9)), 4)}


def measure(outcomes):
    """Figures with the cutoffs in use, by threshold, and with thresholds chosen from the other folds."""
    has = outcomes.found != ""
    out = {"automatic": figures(outcomes, outcomes.status == "automatic"), "suggested_or_better": figures(outcomes, has), "by_threshold": {}}
    for threshold in (400, 500, 600, 700, 800, 850, 900, 920, 940, 950, 960, 970, 980, 990):
        out["by_threshold"][threshold] = figures(outcomes, has & (outcomes.score >= threshold))
    for least in (0.99, 0.995, 0.997):
        chosen = pandas.Series(False, index=outcomes.index)
        for n in outcomes.fold.unique():
            others, mine = outcomes[outcomes.fold != n], outcomes.fold == n
            fitting = [t for t in range(350, 1000) if figures(others, (others.found != "") & (others.score >= t))["precision"] >= least]
            chosen |= mine & has & (outcomes.score >= min(fitting, default=1001))
        out[f"threshold of the other folds for {least}"] = figures(outcomes, chosen)
        out[f"recall at {least}"] = max((row["recall"] for row in (figures(outcomes, has & (outcomes.score >= t)) for t in range(350, 1000)) if row["precision"] >= least), default=0)
    return out


def main():
    companies, records, truth, *out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        folds = []
        for n in range(FOLDS):
            place = pathlib.Path(folder) / str(n)
            place.mkdir()
            folds.append(score(place, n, companies, records, truth))
    report = {}
    for name in WITHOUT:
        report[name] = measure(pandas.concat([outcomes[name] for outcomes in folds], ignore_index=True))
        if name != "as it is":
            report[name].pop("by_threshold")
    text = json.dumps(report, indent=1)
    print(text)
    for path in out:
        pathlib.Path(path).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
