"""Writes what trained networks make of the training units on average, for `train.py --soft`: distillation (Hinton et al. 2015).

The output holds, unit by unit, the mean probabilities of the tagger's tags for each word, and those of the role reader for
each attribution.
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F

import data
from golden import load_model_file

PIECES = 4096
CUES = 32


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path, help="output of `onrecord features`")
    parser.add_argument("out", type=Path)
    parser.add_argument("teachers", type=Path, nargs="+", help="outputs of export.py")
    return parser.parse_args()


def mean_probabilities(emissions):
    return torch.stack([F.softmax(one, -1) for one in emissions]).mean(0)


def read_roles(teachers, reads, batch, examples):
    """The mean probabilities of the role tags of attributions, given as (unit, cue start, cue end)."""
    longest = max(len(batch.units[example[0]].first_pieces) for example in examples)
    rows, starts, ends = torch.tensor(examples).unbind(1)
    mask = batch.word_mask[rows, :longest]
    words = [words[rows, :longest] for words, _ in reads]
    return mean_probabilities([net.roles(own, mask, starts, ends) for net, own in zip(teachers, words)])


@torch.no_grad()
def main():
    options = arguments()
    teachers = [load_model_file(path) for path in options.teachers]
    units, _ = data.read_units(options.train)
    tags, roles = [None] * len(units), [{} for _ in units]
    groups = data.epoch(units, PIECES, data.seeded(1))
    for number, group in enumerate(groups, 1):
        batch = data.collate(group)
        reads = [net.read(batch) for net in teachers]
        means = mean_probabilities([emissions for _, emissions in reads])
        for row, unit in enumerate(batch.units):
            tags[unit.index] = means[row, : len(unit.first_pieces)].clone()
        examples = [(row, start, end) for row, unit in enumerate(batch.units) for start, end, _ in unit.attributions]
        examples.sort(key=lambda example: len(batch.units[example[0]].first_pieces))
        for first in range(0, len(examples), CUES):
            part = examples[first : first + CUES]
            for (row, start, end), own in zip(part, read_roles(teachers, reads, batch, part)):
                unit = batch.units[row]
                roles[unit.index][start, end] = own[: len(unit.first_pieces)].clone()
        print(f"{number}/{len(groups)}", flush=True)
    torch.save({"tags": tags, "roles": roles}, options.out)


if __name__ == "__main__":
    main()
