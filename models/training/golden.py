"""Writes what the network gives for a few texts, computed from a model file, for the test of the program's own arithmetic."""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

import data
from export import restored
from model import Network


def load_model_file(path):
    stored = load_file(path)
    tensors = {}
    for name, tensor in stored.items():
        if name + ".scale" in stored:
            tensor = restored(tensor, stored[name + ".scale"])
        if not name.endswith(".scale"):
            tensors[name] = tensor
    network = Network()
    network.load_state_dict(tensors)
    return network.eval()


def rounded(scores):
    return [[round(score, 5) for score in word] for word in scores.tolist()]


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="output of export.py")
    parser.add_argument("features", type=Path, help="output of `onrecord features` for tests/golden/model-texts.jsonl")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    network = load_model_file(options.model)
    units, documents = data.read_units(options.features)
    with options.out.open("w", encoding="utf-8") as out:
        for index, document in enumerate(documents):
            window = [unit for unit in units if unit.document == index]
            batch = data.collate([window])
            words, tags = network.read(batch)
            for row, unit in enumerate(window):
                count = len(unit.first_pieces)
                cue = torch.tensor([count // 2])
                roles = network.roles(words[row : row + 1, :count], batch.word_mask[row : row + 1, :count], cue, cue + 1)
                line = {"id": document["id"], "unit": row, "tags": rounded(tags[row, :count]), "roles": rounded(roles[0])}
                out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
