"""Writes documents with "he" for "she" and "she" for "he", so that both are learnt from as many texts (Zhao et al. 2018).

Words are exchanged for words of one wordpiece each; the gender of names is taken as unknown.
"""

import argparse
import json
from pathlib import Path

PAIRS = (
    "he she, himself herself, mr mrs, sir lady, man woman, men women, boy girl, boys girls, father mother, son daughter, "
    "sons daughters, brother sister, brothers sisters, husband wife, uncle aunt, king queen, prince princess, actor actress"
)
# Cases of a mention, as `onrecord features` gives them, and genders.
OBJECT, POSSESSIVE = 2, 3
FEMALE, MALE = 1, 2


def exchanged(vocabulary):
    at = {piece: index for index, piece in enumerate(vocabulary)}
    table = {}
    for pair in PAIRS.split(", "):
        a, b = (at[word] for word in pair.split())
        table[a], table[b] = b, a
    return table, {word: at[word] for word in ("his", "him", "her", "hers")}


def flipped(row, table, own):
    ids = [table.get(piece, piece) for piece in row["ids"]]
    case = {mention["head"][0]: mention["case"] for mention in row["mentions"]}
    for token, start in enumerate(row["starts"][:-1]):
        if row["ids"][start] in (own["his"], own["him"]):
            ids[start] = own["her"]
        elif row["ids"][start] == own["her"]:
            ids[start] = own["him"] if case.get(token) == OBJECT else own["his"]
    mentions = [dict(mention) for mention in row["mentions"]]
    for mention in mentions:
        known = {FEMALE: MALE, MALE: FEMALE}.get(mention["gender"], 0)
        mention["gender"] = 0 if mention["form"] == 0 else known
    return row | {"ids": ids, "mentions": mentions}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("features", type=Path, help="output of `onrecord features --mentions`")
    parser.add_argument("out", type=Path)
    parser.add_argument("--vocabulary", type=Path, default=Path(__file__).parent.parent / "vocab.txt")
    options = parser.parse_args()
    table, own = exchanged(options.vocabulary.read_text(encoding="utf-8").split("\n"))
    with options.features.open(encoding="utf-8") as lines, options.out.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(flipped(json.loads(line), table, own)) + "\n")


if __name__ == "__main__":
    main()
