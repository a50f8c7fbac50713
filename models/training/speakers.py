"""Writes the articles in which readers named the speaker of a pronoun that is a source, for train_joint.py (corpus `news`)."""

import argparse
import collections
import json
from pathlib import Path

PRONOUNS = {"he", "she", "they", "him", "her", "his", "it"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, nargs="+", required=True, help='JSON lines: {"id", "source", "speaker"}')
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help='JSON lines: {"id", "text", "title"?}')
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def rows(paths):
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def main():
    options = arguments()
    articles = {row["id"]: row for row in rows(options.articles)}
    speakers = collections.defaultdict(list)
    for label in rows(options.labels):
        if label["source"] and label["speaker"] not in (None, "unclear"):
            speakers[label["id"]].append({"span": label["source"][0], "speaker": label["speaker"]})
    with options.out.open("w", encoding="utf-8") as out:
        for name, own in speakers.items():
            article = articles[name]
            words = (article["text"][slice(*one["span"])].lower() for one in own)
            if PRONOUNS.isdisjoint(words):
                continue
            row = {"id": name, "title": article.get("title"), "text": article["text"], "speakers": own}
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
