"""Runs Splink on the same files, prepared as its own guide recommends: splink_beside.py COMPANIES RECORDS TRUTH OUT.

It is a fair opponent: names without legal forms and umlauts, domains without scheme and host, phone numbers as digits, nine blocking rules,
term-frequency adjustment for values that are shared, u from a random sample, m by EM from three sides; of all these, what the files have values
for. Its threshold is the one that is best for F1 on these very labels, which no user has, so the figure is an upper bound.
"""
import json
import re
import sys
import time

import pandas
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

import blocks
from folded import domain, fold, name, plain, postal_code


def phone(text):
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", text))
    digits = re.sub(r"^(0049|49|0043|43|0041|41|0)", "", digits)
    return digits[:9] if len(digits) >= 6 else None


def street(text):
    return plain(re.sub(r"(strasse|str\.|str\b)", "str ", fold(text)))


def prepare(path, site):
    rows = pandas.read_csv(path, dtype=str, keep_default_na=False)

    def column(wanted, clean):
        values = rows[wanted] if wanted in rows else pandas.Series([""] * len(rows))
        return [clean(value) if value else None for value in values]

    city = [value and value.split(" am ")[0].split(" / ")[0] for value in column("city", lambda text: plain(fold(text)))]
    table = pandas.DataFrame({
        "unique_id": rows["id"], "name": column("name", name), "street": column("street", street),
        "zip": column("zip", postal_code), "city": city,
        "country": column("country", lambda text: text.upper() if len(text) == 2 else None),
        "domain": column(site, domain), "phone": column("phone", phone),
        "vat_id": column("vat_id", lambda text: re.sub(r"[^A-Z0-9]", "", text.upper()) or None),
        "register": column("register", lambda text: "".join(re.findall(r"HR[AB]|\d+", text.upper())) or None),
    })
    words = table["name"].str.split()
    table["first_word"], table["last_word"] = words.str[0], words.str[-1]
    table["name_start"] = table["name"].str.replace(" ", "").str[:6]
    return table.astype(object).where(table.notna(), None)


COMPARISONS = {
    "name": compare.JaroWinklerAtThresholds("name", [0.96, 0.92, 0.85, 0.75]).configure(term_frequency_adjustments=True),
    "domain": compare.JaroWinklerAtThresholds("domain", [0.92]).configure(term_frequency_adjustments=True),
    "phone": compare.LevenshteinAtThresholds("phone", [1, 2]),
    "street": compare.JaroWinklerAtThresholds("street", [0.95, 0.88]).configure(term_frequency_adjustments=True),
    "zip": compare.LevenshteinAtThresholds("zip", [1]).configure(term_frequency_adjustments=True),
    "city": compare.JaroWinklerAtThresholds("city", [0.9]).configure(term_frequency_adjustments=True),
    "country": compare.ExactMatch("country"),
    "vat_id": compare.LevenshteinAtThresholds("vat_id", [1]),
    "register": compare.ExactMatch("register"),
}


def link(companies, records):
    both = companies.to_dict("records"), records.to_dict("records")

    def block(rules):
        return [block_on(*fields) for fields in rules]

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[COMPARISONS[field] for field in blocks.compared(COMPARISONS, *both)],
        blocking_rules_to_generate_predictions=block(blocks.possible(blocks.COMPARED, *both)),
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker([records, companies], settings, DuckDBAPI(), input_table_aliases=["records", "companies"])
    linker.training.estimate_probability_two_random_records_match(block(blocks.possible(blocks.SAME, *both)), recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for side in block(blocks.sides(*both)):
        linker.training.estimate_parameters_using_expectation_maximisation(side)
    pairs = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    of_record = pairs.source_dataset_l == "records"
    return pandas.DataFrame({
        "record": pairs.unique_id_l.where(of_record, pairs.unique_id_r), "company": pairs.unique_id_r.where(of_record, pairs.unique_id_l),
        "weight": pairs.match_weight,
    })


def measure(pairs, truth):
    first = pairs.sort_values(["weight", "company"], ascending=[False, True]).drop_duplicates("record")
    known = truth[truth.company_id != ""].set_index("record_id").company_id
    first = first[first.record.isin(truth.record_id)]
    right = (first.record.map(known) == first.company).to_numpy()
    precision, recall = right.cumsum() / range(1, len(right) + 1), right.cumsum() / len(known)
    f1 = 2 * precision * recall / (precision + recall + 1e-12)
    best = int(f1.argmax())

    def recall_at(least):
        return round(float(max((recall[at] for at in range(len(right)) if precision[at] >= least), default=0)), 4)

    return {
        "f1": round(float(f1[best]), 4), "precision": round(float(precision[best]), 4), "recall": round(float(recall[best]), 4),
        "recall_at_precision": {"0.99": recall_at(0.99), "0.995": recall_at(0.995)},
    }


def main():
    companies, records, truth, out = sys.argv[1:]
    start = time.process_time()
    pairs = link(prepare(companies, "domain"), prepare(records, "website"))
    seconds = time.process_time() - start
    labels = pandas.read_csv(truth, dtype=str, keep_default_na=False)
    figures = measure(pairs, labels) | {"pairs": len(pairs), "records_per_cpu_second": round(len(labels) / seconds)}
    with open(out, "w", encoding="utf-8") as file:
        json.dump(figures, file)


if __name__ == "__main__":
    main()
