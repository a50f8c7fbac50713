"""Writes the features of pairs of mentions of a few texts, for the test that the program computes the same."""

import argparse
import json
from pathlib import Path

import who_data


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("features", type=Path, help="output of `onrecord features --mentions`")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    with options.features.open(encoding="utf-8") as lines, options.out.open("w", encoding="utf-8") as out:
        for mentions in (json.loads(line)["mentions"] for line in lines):
            named, first = who_data.named_before(mentions), who_data.first_in_sentence(mentions)
            found = []
            for a, mention in enumerate(mentions):
                if mention["pronoun"] in who_data.RANKED:
                    near = who_data.candidates(mentions, a)
                    found.append([a, [list(one) for one in zip(near, who_data.pairs(mentions, named, first, a, near))]])
            out.write(json.dumps({"mentions": mentions, "anaphors": found}) + "\n")


if __name__ == "__main__":
    main()
