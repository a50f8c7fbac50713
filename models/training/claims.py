"""Joins labelled claims with the texts they stand in: what `onrecord features --claims` and train_meaning.py read.

A label is a line {"id", "source", "cue", "content", "kind", "certainty", "polarity", "sourceClass", "ok"}, each part a list of
[start, end] in code points of the text of that id, and for claims that the program found the "confidence" it gave them. Where two
readers labelled one claim and differ, both values stand; whether it is a claim at all is left open then.
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


def joined(first, second):
    """One label of two for the same claim."""
    label = dict(first)
    for name in ("kind", "certainty", "polarity", "sourceClass"):
        label[name] = list(dict.fromkeys(values(first[name]) + values(second[name])))
    if first["ok"] != second["ok"]:
        label["ok"] = None
    return label


def values(one):
    return one if isinstance(one, list) else [one]


def labels_of(paths):
    """The labels of each text's claims."""
    own = {}
    for row in rows(paths):
        if row["content"]:
            claims = own.setdefault(row["id"], {})
            spans = json.dumps([row[part] or [] for part in ("cue", "content")])
            claims[spans] = joined(claims[spans], row) if spans in claims else row
    return own


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help='JSON lines: {"id", "text"}')
    parser.add_argument("labels", type=Path, nargs="+")
    options = parser.parse_args()
    own = labels_of(options.labels)
    for text in rows(options.texts):
        claims = list(own.get(text["id"], {}).values())
        if claims:
            attributions = [{part: row[part] or [] for part in PARTS} for row in claims]
            labels = [{name: row[name] for name in LABELS if name in row} for row in claims]
            print(json.dumps({"id": text["id"], "text": text["text"], "attributions": attributions, "labels": labels}))


if __name__ == "__main__":
    main()
