"""From the network's output to attributions, and to the file that the scorers read."""

import json
import random

import torch

from data import WINDOW, batches, collate, pack


def spans(tags, begin):
    """Ranges of words that carry a begin tag and the inside tags behind it."""
    found = []
    for word, tag in enumerate(tags):
        if tag == begin:
            found.append([word, word + 1])
        elif tag == begin + 1 and found and found[-1][1] == word:
            found[-1][1] = word + 1
    return found


@torch.no_grad()
def predict(network, units, documents, pieces=4096):
    """Attributions of each document, as ranges of code points."""
    network.eval()
    by_document = {}
    for unit in units:
        by_document.setdefault(unit.document, []).append(unit)
    windows = [window for own in by_document.values() for window in pack(own, WINDOW)]
    found = [[] for _ in documents]
    for group in batches(windows, pieces, random.Random(0)):
        batch = collate(group)
        words, emissions = network.read(batch)
        cues = []
        for index, unit in enumerate(batch.units):
            tags = network.crf.decode(emissions[index], len(unit.first_pieces))
            cues += [(index, start, end) for start, end in spans(tags, 3)]
        for (index, start, end), tags in zip(cues, read_roles(network, words, batch, cues)):
            unit = batch.units[index]
            tokens = documents[unit.document]["tokens"]
            at = lambda ranges: [
                [tokens[unit.first_token + a][0], tokens[unit.first_token + b - 1][1]] for a, b in ranges
            ]
            content = spans(tags, 5)
            if content:
                cue = sorted([[start, end]] + spans(tags, 3))
                found[unit.document].append({"source": at(spans(tags, 1)), "cue": at(cue), "content": at(content)})
    return found


def read_roles(network, words, batch, cues, chunk=64):
    tags = []
    for first in range(0, len(cues), chunk):
        part = cues[first : first + chunk]
        rows = torch.tensor([cue[0] for cue in part])
        starts, ends = torch.tensor([cue[1] for cue in part]), torch.tensor([cue[2] for cue in part])
        emissions = network.roles(words[rows], batch.word_mask[rows], starts, ends)
        for row, own in zip(rows.tolist(), emissions):
            tags.append(network.roles.crf.decode(own, len(batch.units[row].first_pieces)))
    return tags


def write(path, texts, documents, found):
    """Claims in the product's JSON; `texts` maps ids to the documents' texts."""
    with open(path, "w", encoding="utf-8") as out:
        for document, claims in zip(documents, found):
            text = texts[document["id"]]
            part = lambda ranges: {"spans": [{"start": a, "end": b, "text": text[a:b]} for a, b in ranges]}
            rows = [{role: part(claim[role]) for role in claim if claim[role]} for claim in claims]
            out.write(json.dumps({"id": document["id"], "claims": rows}) + "\n")
