"""Fits the confidences of a model on the development part, and prints how reliable they are.

Reads what `onrecord odds` prints. A part is right if an annotator has exactly it; a claim is right if its content (overlap
of at least a half) and its source are, as in det50_source of the scorer.
"""

import argparse
import json
import math
from pathlib import Path

PARTS = ("source", "cue", "content")
FOLDS = 5
BINS = [0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0]


def characters(ranges):
    return {at for start, end in ranges for at in range(start, end)}


def overlap(a, b):
    a, b = characters(a), characters(b)
    return len(a & b) / max(len(a | b), 1)


def examples(gold_path, odds_path):
    """(row, odds by part, whether each part is right, whether the claim is right) of every attribution that was read."""
    rows = map(json.loads, gold_path.read_text(encoding="utf-8").splitlines())
    gold = {row["id"]: row["attributions"] for row in rows}
    found = []
    for index, row in enumerate(map(json.loads, odds_path.read_text(encoding="utf-8").splitlines())):
        free = list(gold[row["id"]])
        for claim in row["attributions"]:
            best = max(free, key=lambda a: overlap(claim["content"], a["content"]), default=None)
            right, hit = dict.fromkeys(PARTS, False), False
            if best and overlap(claim["content"], best["content"]) >= 0.5:
                free.remove(best)
                right = {part: claim[part] == best[part] for part in PARTS}
                without = not best["source"] and not claim["source"]
                hit = without or overlap(claim["source"], best["source"]) >= 0.5
            found.append((index, claim["odds"], right, hit))
    return found


def predict(weights, row):
    """The logistic function of a row; the last weight is the offset."""
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, [*row, 1.0]))))


def fit(rows, targets, steps=800, rate=0.3):
    """Weights of a logistic regression, by gradient descent on numbers scaled to about one."""
    scaled = [[value / 4 for value in row] for row in rows]
    weights = [0.5] * len(rows[0]) + [0.0]
    for _ in range(steps):
        gradient = [0.0] * len(weights)
        for row, target in zip(scaled, targets):
            error = predict(weights, row) - target
            for index, value in enumerate([*row, 1.0]):
                gradient[index] += error * value
        weights = [weight - rate * slope / len(rows) for weight, slope in zip(weights, gradient)]
    return [weight / 4 for weight in weights[:-1]] + weights[-1:]


def of_claim(example):
    return [example[1][part] for part in PARTS]


def print_reliability(found):
    """Each claim's confidence comes from a fit on the other folds, so that no article vouches for itself."""
    rated = []
    for fold in range(FOLDS):
        others = [example for example in found if example[0] % FOLDS != fold]
        weights = fit(list(map(of_claim, others)), [example[3] for example in others])
        own = [example for example in found if example[0] % FOLDS == fold]
        rated += [(predict(weights, of_claim(example)), example[3]) for example in own]
    print("confidence      claims   mean confidence   share right")
    for low, high in zip(BINS, BINS[1:]):
        inside = [(p, hit) for p, hit in rated if low <= p < high or (high == 1.0 and p == 1.0)]
        if inside:
            mean, share = (sum(column) / len(inside) for column in zip(*inside))
            print(f"{low:.2f} to {high:.2f}   {len(inside):6}   {mean:15.3f}   {share:11.3f}")
    error = sum((p - hit) ** 2 for p, hit in rated) / len(rated)
    print(f"{len(rated)} claims, Brier score {error:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="the corpus file")
    parser.add_argument("odds", type=Path, help="output of `onrecord odds` on it")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    found = examples(options.gold, options.odds)
    print_reliability(found)
    calibration = {}
    for part in PARTS:
        factor, offset = fit([[example[1][part]] for example in found], [example[2][part] for example in found])
        calibration[part] = {"factor": factor, "offset": offset}
    weights = fit(list(map(of_claim, found)), [example[3] for example in found])
    calibration["claim"] = dict(zip((*PARTS, "offset"), weights))
    options.out.write_text(json.dumps(calibration, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
