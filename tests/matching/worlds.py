"""Several labelled worlds in one table, each as it is and with more of its companies taken away.

A world is a folder with companies.csv, records.csv and truth.csv, as `make match-bench` reads them. Links that are wrong only where the right
company is missing show when 40 % of the records have none.
"""
import csv
import json
import pathlib
import random
import subprocess

import cascade

# The share of records without a company, beside the share that the world has.
ABSENT = 0.4
SEED = 5


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, some):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(some[0]))
        writer.writeheader()
        writer.writerows(some)


def take_away(world, place):
    """Writes the world's companies and truth without so many companies that `ABSENT` of the records have none."""
    companies, truth = rows(world / "companies.csv"), rows(world / "truth.csv")
    known = sorted({row["company_id"] for row in truth if row["company_id"]})
    random.Random(SEED).shuffle(known)
    gone, absent = set(), sum(not row["company_id"] for row in truth)
    for company in known:
        if absent >= ABSENT * len(truth):
            break
        gone.add(company)
        absent += sum(row["company_id"] == company for row in truth)
    place.mkdir(parents=True, exist_ok=True)
    write(place / "companies.csv", [row for row in companies if row["id"] not in gone])
    write(place / "truth.csv", [row | {"company_id": "" if row["company_id"] in gone else row["company_id"]} for row in truth])
    return place


def line(name, report):
    automatic, all_of_them = report["automatic"], report["suggested_or_better"]
    absent = 1 - report["records_with_a_company"] / report["records"]
    bins = [one for one in report["calibration"] if one["relations"] >= 20]
    off = max((abs(one["claimed"] - one["right"]) for one in bins), default=0)
    figures = [absent, automatic["precision"] or 0, automatic["recall"], all_of_them["precision"] or 0, all_of_them["recall"], all_of_them["f1"], off]
    beside = report["cascade"]
    figures += [beside["precision"], beside["recall"], beside["f1"]]
    if "splink" in report:
        figures.append(report["splink"]["f1"])
    return f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |"


def table(program, worlds, place, splink=None):
    """Measures each world, and prints a line for each, with a cascade of equal values beside it, and Splink if `splink` measures it."""
    titles = ["world", "absent", "automatic precision", "recall", "suggested or better precision", "recall", "F1", "calibration off by"]
    titles += ["cascade precision", "recall", "F1"] + ["Splink F1"] * bool(splink)
    print(f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}")
    reports = {}
    for world in map(pathlib.Path, worlds):
        less = take_away(world, place / world.name)
        for name, companies, truth in ((world.name, world, world), (f"{world.name}, more absent", less, less)):
            out = place / f"{name}.json"
            files = (companies / "companies.csv", world / "records.csv", truth / "truth.csv")
            subprocess.run([program, out, *files], check=True, stdout=subprocess.DEVNULL)
            reports[name] = json.loads(out.read_text(encoding="utf-8"))
            reports[name]["cascade"] = cascade.measure(*map(rows, files))
            if splink:
                reports[name]["splink"] = splink(files)
            print(line(name, reports[name]), flush=True)
    return reports
