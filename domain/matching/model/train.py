"""Trains the weights of matching from labelled pairs, and writes them into the file that the rule reads.

    train.py weights WEIGHTS DUMP...   the single weights, from the output of `match_train`
    train.py trees WEIGHTS DUMP...     the trees, from the output of `match_train` with those weights in use
    train.py check DUMP...             five-fold cross-validation of the trees, with folds by company: the first dump as a whole, then each dump

A dump may be followed by `*` and the weight of its records, such as `renoised.csv*0.3`. README.md beside this file has the steps and their results.
"""
import math
import sys
import zlib

import lightgbm
import numpy
import pandas

# The labelled records have no LEI, so the rule sets its weight itself. The other two are not features.
UNUSED = {"Lei", "weight", "right"}
COMMON = {
    "objective": "binary", "verbose": -1, "num_threads": 1, "seed": 7, "deterministic": True, "force_row_wise": True,
    "max_bin": 255, "min_data_in_bin": 1, "lambda_l2": 5,
}
SINGLE = COMMON | {"learning_rate": 0.1, "num_leaves": 2, "min_data_in_leaf": 20}
TREES = COMMON | {
    "learning_rate": 0.07, "num_leaves": 18, "min_data_in_leaf": 25,
    "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1,
}
# Twice as many trees as before: the wider noise took recall from 80 trees of 16 leaves (0.947 instead of 0.953 at a precision of 0.995).
ROUNDS = {"weights": 400, "trees": 170}


def read(paths):
    frames = []
    for path in paths:
        path, _, weight = path.partition("*")
        frame = pandas.read_csv(path, dtype={"record": str, "company": str, "truth": str})
        frame = frame.fillna({"company": "", "truth": ""})
        frame["record"] = f"{path}:" + frame.record
        frame["weight"] = float(weight or 1)
        frames.append(frame)
    frame = pandas.concat(frames, ignore_index=True)
    frame["right"] = ((frame.company == frame.truth) & (frame.company != "")).astype(int)
    return frame


def columns(frame, with_context):
    names = [name for name in frame.columns[3:] if name not in UNUSED]
    return names if with_context else names[: names.index("Score")]


def stated(frame):
    """What the rule adds to the trees, in natural logarithms: the weight of another country (`country_bits` in `explain.rs`)."""
    return numpy.where(frame.Country == 0, -5.0 * math.log(2), 0.0)


def fit(frame, names, settings, rounds):
    frame = frame[frame.company != ""]
    share = numpy.average(frame.right, weights=frame.weight)
    base = math.log(share / (1 - share))
    begin = stated(frame) + base if "Score" in names else None
    data = lightgbm.Dataset(frame[names], frame.right, weight=frame.weight, init_score=begin, params=COMMON)
    model = lightgbm.train(settings, data, rounds)
    # LightGBM does not keep what it began with.
    model.base = base if "Score" in names else 0.0
    return model


def folds(frame, n=5):
    """Folds by company, or by record if there is no company. No company is in two folds."""
    keys = frame.truth.where(frame.truth != "", frame.record)
    return keys.map(lambda key: zlib.crc32(key.encode()) % n)


def firsts(frame, odds):
    """The likeliest candidate of each record, the surest first. Records without a candidate come last."""
    frame = frame.assign(odds=numpy.where(frame.company == "", -99.0, odds))
    return frame.loc[frame.groupby("record").odds.idxmax()].sort_values("odds", ascending=False)


def measure(frame, odds):
    first = firsts(frame, odds)
    n_known = (first.truth != "").sum()
    right = first.right.cumsum().to_numpy()
    precision, recall = right / numpy.arange(1, len(first) + 1), right / n_known
    f1 = 2 * precision * recall / numpy.maximum(precision + recall, 1e-9)
    best = f1.argmax()
    parts = [f"F1 {f1[best]:.4f} (precision {precision[best]:.4f} recall {recall[best]:.4f})"]
    for least in (0.99, 0.995, 0.997):
        places = numpy.flatnonzero(precision >= least)
        at = places[-1] if len(places) else 0
        chance = 1 / (1 + math.exp(-first.odds.iloc[at]))
        parts.append(f"recall at {least}: {recall[at]:.4f} (score {chance:.4f})")
    return "  ".join(parts)


def calibration(frame, odds):
    """What the first candidates claim and what is right, by bins of the claim."""
    first = firsts(frame, odds)
    first = first[first.company != ""]
    claimed = 1 / (1 + numpy.exp(-first.odds))
    bins = pandas.cut(claimed, [0.35, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1])
    return [(round(claimed[at].mean(), 3), round(first.right[at].mean(), 3), len(at)) for _, at in sorted(first.groupby(bins, observed=True).groups.items())]


def check(frame, settings=TREES, rounds=None):
    names, fold = columns(frame, True), folds(frame)
    odds = numpy.zeros(len(frame))
    for n in range(5):
        model = fit(frame[fold != n], names, settings, rounds or ROUNDS["trees"])
        odds[fold == n] = model.predict(frame.loc[fold == n, names], raw_score=True) + model.base
    return odds + stated(frame)


def bits(value):
    return round(value / math.log(2) * 1_000)


def single_weights(model, names):
    """A forest of stumps is a sum of one step function a feature."""
    steps, prior = {name: numpy.zeros(256) for name in names}, 0.0
    for tree in model.dump_model()["tree_info"]:
        root = tree["tree_structure"]
        if "split_feature" not in root:
            prior += root["leaf_value"]
            continue
        threshold = math.floor(root["threshold"])
        step = steps[names[root["split_feature"]]]
        step[: threshold + 1] += root["left_child"]["leaf_value"]
        step[threshold + 1 :] += root["right_child"]["leaf_value"]
    yield f"prior {bits(prior)}"
    for name, step in steps.items():
        places = [at for at in range(256) if at == 0 or bits(step[at]) != bits(step[at - 1])]
        if len(places) > 1:
            yield f"weight {name} " + " ".join(f"{at}:{bits(step[at])}" for at in places)


def node(tree, names):
    if "split_feature" not in tree:
        return str(bits(tree["leaf_value"]))
    here = f"{names[tree['split_feature']]}>{math.floor(tree['threshold'])}"
    return " ".join([here, node(tree["left_child"], names), node(tree["right_child"], names)])


def trees(model, names):
    base, lines = model.base, []
    for tree in model.dump_model()["tree_info"]:
        root = tree["tree_structure"]
        if "split_feature" in root:
            lines.append("tree " + node(root, names))
        else:
            base += root["leaf_value"]
    yield f"base {bits(base)}"
    yield from lines


def main():
    what, *rest = sys.argv[1:]
    if what == "check":
        frame = read(rest)
        odds = check(frame)
        print(measure(frame, odds))
        for path in rest:
            mine = frame.record.str.startswith(path.partition("*")[0] + ":")
            print(path, measure(frame[mine], odds[mine]), calibration(frame[mine], odds[mine]))
        return
    path, *dumps = rest
    frame = read(dumps)
    with_context = what == "trees"
    names = columns(frame, with_context)
    model = fit(frame, names, TREES if with_context else SINGLE, ROUNDS[what])
    made = list((trees if with_context else single_weights)(model, names))
    own = ("base", "tree") if with_context else ("prior", "weight")
    with open(path, encoding="ascii") as file:
        kept = [line.rstrip("\n") for line in file if not line.startswith(own)]
    head = [line for line in kept if line.startswith("#")]
    others = [line for line in kept if line and not line.startswith("#")]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(head + (others + made if with_context else made + others)) + "\n")


if __name__ == "__main__":
    main()
