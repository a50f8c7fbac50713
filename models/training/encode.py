"""Writes the vectors that a model's encoder gives for the words of documents, for heads that learn on a fixed encoder."""

import argparse
from pathlib import Path

import torch

import data
from golden import load_model_file
from model import WIDTH
from who import LAYERS_READ

PIECES = 4096


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="output of export.py")
    parser.add_argument("features", type=Path, help="output of `onrecord features`")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    network = load_model_file(options.model)
    units, documents = data.read_units(options.features)
    vectors = [torch.zeros((len(document["tokens"]), len(LAYERS_READ) * WIDTH), dtype=torch.float16) for document in documents]
    windows = data.pack(units, data.WINDOW)
    for group in data.batches(windows, PIECES, data.seeded(1)):
        batch = data.collate(group)
        kept = [x for number, x in enumerate(network.encoder.each_layer(batch), 1) if number in LAYERS_READ]
        words = torch.cat(kept, -1).view(-1, len(LAYERS_READ) * WIDTH)[batch.words]
        for row, unit in enumerate(batch.units):
            count = len(unit.first_pieces)
            vectors[unit.document][unit.first_token : unit.first_token + count] = words[row, :count].half()
    torch.save(vectors, options.out)


if __name__ == "__main__":
    main()
