"""Writes what the network gives for a few texts, computed from a model file, for the test of the program's own arithmetic."""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

import data
from export import restored
from meaning import FEATURES as CLAIM_FEATURES
from meaning import PARTS, Meaning
from model import Network
from who import FEATURES, LAYERS_READ, Who

WHO, MEANING = "who.", "meaning."


def stored_tensors(path):
    """The tensors of a model file as floats."""
    stored = load_file(path)
    tensors = {}
    for name, tensor in stored.items():
        if name + ".scale" in stored:
            tensor = restored(tensor, stored[name + ".scale"])
        if not name.endswith(".scale"):
            tensors[name] = tensor
    return tensors


def load_model_file(path):
    """The network without the heads of who is who and of what claims mean."""
    tensors = stored_tensors(path)
    network = Network()
    network.load_state_dict({name: tensor for name, tensor in tensors.items() if not name.startswith((WHO, MEANING))})
    return network.eval()


def load_who(path):
    tensors = stored_tensors(path)
    who = Who()
    who.load_state_dict({name.removeprefix(WHO): tensor for name, tensor in tensors.items() if name.startswith(WHO)})
    return who.eval()


def load_meaning(path):
    tensors = stored_tensors(path)
    meaning = Meaning()
    meaning.load_state_dict({name.removeprefix(MEANING): tensor for name, tensor in tensors.items() if name.startswith(MEANING)})
    return meaning.eval()


def rounded(scores):
    return [[round(score, 5) for score in word] for word in scores.tolist()]


def layers_of(network, batch):
    """What the layers that are read give for all words of one window."""
    layers = [x for number, x in enumerate(network.encoder.each_layer(batch), 1) if number in LAYERS_READ]
    x = torch.cat(layers, -1)
    return x.view(-1, x.shape[-1])[batch.words][batch.word_mask]


def who_vectors(who, words):
    """The vectors of these words, as the heads of who is who read them."""
    return who.read(words[None], torch.ones((1, len(words)), dtype=torch.bool))[0]


def meaning_of(meaning, words):
    """What the heads of meaning give for a claim of these words, each of another part than the one before."""
    parts = torch.arange(len(words))[None] % PARTS
    known = torch.ones((1, len(CLAIM_FEATURES)), dtype=torch.long)
    outputs = meaning(words[None], parts, torch.ones(parts.shape, dtype=torch.bool), known)
    return [round(score, 5) for score in torch.cat(list(outputs.values()), -1)[0].tolist()]


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="output of export.py")
    parser.add_argument("features", type=Path, help="output of `onrecord features` for tests/golden/model-texts.jsonl")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    network, who, meaning = load_model_file(options.model), load_who(options.model), load_meaning(options.model)
    units, documents = data.read_units(options.features)
    with options.out.open("w", encoding="utf-8") as out:
        for index, document in enumerate(documents):
            window = [unit for unit in units if unit.document == index]
            batch = data.collate([window])
            words, tags = network.read(batch)
            layers = layers_of(network, batch)
            vectors = who_vectors(who, layers)
            first, middle = torch.tensor([0]), torch.tensor([len(vectors) // 2])
            # Each feature has its second value.
            pair = who.rank(vectors, first, middle, torch.ones((1, len(FEATURES)), dtype=torch.long))
            ranked = {"pair": round(pair.item(), 5), "nobody": round(who.none(vectors)[0].item(), 5)}
            kinds, names = who.kind(vectors), who.names(vectors)
            for row, unit in enumerate(window):
                count = len(unit.first_pieces)
                cue = torch.tensor([count // 2])
                roles = network.roles(words[row : row + 1, :count], batch.word_mask[row : row + 1, :count], cue, cue + 1)
                own = slice(unit.first_token, unit.first_token + count)
                line = {"id": document["id"], "unit": row, "tags": rounded(tags[row, :count]), "roles": rounded(roles[0])}
                line |= {"kinds": rounded(kinds[own]), "names": rounded(names[own]), **ranked}
                line["meaning"] = meaning_of(meaning, layers[own][:40])
                out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
