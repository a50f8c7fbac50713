"""Joins labelled claims with the texts they stand in: what `onrecord features --claims` and train_meaning.py read.

A label is a line {"id", "source", "cue", "content", "kind", "certainty", "polarity", "sourceClass", "ok"}, each part a list of
[start, end] in code points of the text of that id, and for claims that the program found the "confidence" it gave them.
"""

import argparse
import json
from pathlib import Path

LABELS = ("kind", "certainty", "polarity", "sourceClass", "ok", "confidence")
PARTS = ("source", "cue", "content")


def rows(paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help='JSON lines: {"id", "text"}')
    parser.add_argument("labels", type=Path, nargs="+")
    options = parser.parse_args()
    own = {}
    for row in rows(options.labels):
        if row["content"]:
            own.setdefault(row["id"], []).append(row)
    for text in rows(options.texts):
        claims = own.get(text["id"])
        if claims:
            attributions = [{part: row[part] or [] for part in PARTS} for row in claims]
            labels = [{name: row[name] for name in LABELS if name in row} for row in claims]
            print(json.dumps({"id": text["id"], "text": text["text"], "attributions": attributions, "labels": labels}))


if __name__ == "__main__":
    main()
