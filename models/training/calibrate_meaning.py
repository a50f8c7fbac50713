"""Fits how likely a claim is one that a reader accepts, and prints how reliable that is.

Reads what `train_meaning.py --folds --scores` writes: of claims that the program found the confidence that it had in their
words, what heads that had not seen their article say, and whether a reader accepted them.
"""

import argparse
import json
import math
from pathlib import Path

from calibrate import BINS, FOLDS, fit, predict


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scores", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    rows, right = [], []
    for path in options.scores:
        for row in map(json.loads, path.read_text().splitlines()):
            confidence = min(max(row["confidence"], 1e-4), 1 - 1e-4)
            rows.append((math.log(confidence / (1 - confidence)), row["sensible"]))
            right.append(row["ok"])
    rated = []
    for fold in range(FOLDS):
        weights = fit(rows_of(rows, fold, False), rows_of(right, fold, False), steps=3000)
        own = zip(rows_of(rows, fold, True), rows_of(right, fold, True))
        rated += [(predict(weights, row), ok) for row, ok in own]
    print("confidence      claims   mean confidence   share accepted")
    for low, high in zip(BINS, BINS[1:]):
        inside = [(p, ok) for p, ok in rated if low <= p < high]
        if inside:
            mean, share = (sum(column) / len(inside) for column in zip(*inside))
            print(f"{low:.2f} to {high:.2f}   {len(inside):6}   {mean:15.3f}   {share:14.3f}")
    weights = dict(zip(("words", "sensible", "offset"), fit(rows, right, steps=3000)))
    print(weights)
    options.out.write_text(json.dumps(weights, indent=1) + "\n")


def rows_of(rows, fold, own):
    return [row for at, row in enumerate(rows) if (at % FOLDS == fold) == own]


if __name__ == "__main__":
    main()
