"""Documents as `onrecord features` prints them, packed into windows and batches."""

import json
import random
from dataclasses import dataclass

import torch

# The tag that begins each part; 0 is outside, and the tag behind each goes on inside.
BEGIN = {"source": 1, "cue": 3, "content": 5}
CLASSIFY, SEPARATE, MASK = 101, 102, 103
WINDOW = 190


@dataclass
class Unit:
    """One unit of a document: its pieces, its words' first pieces, its tags and its attributions."""

    index: int
    document: int
    first_token: int
    ids: list
    case: list
    quote: list
    place: list
    first_pieces: list
    tags: list
    attributions: list  # (cue start, cue end, tags of the other parts), in words of this unit


@dataclass
class Batch:
    """Windows side by side. `words` holds, per unit, flat positions of its words' first pieces."""

    ids: torch.Tensor
    case: torch.Tensor
    quote: torch.Tensor
    place: torch.Tensor
    mask: torch.Tensor
    words: torch.Tensor
    word_mask: torch.Tensor
    tags: torch.Tensor
    units: list


def paint(tags, ranges, begin, offset):
    """Writes BIO tags of ranges of tokens into a unit's tags; what lies outside of the unit is left out."""
    for start, end in ranges:
        start, end = max(start - offset, 0), min(end - offset, len(tags))
        for word in range(start, end):
            tags[word] = begin if word == start else begin + 1


def mended(tags):
    """Begins anew what is inside of nothing: a content that a cue interrupts goes on with a piece of its own."""
    before = 0
    for word, tag in enumerate(tags):
        if tag and tag % 2 == 0 and before not in (tag, tag - 1):
            tags[word] = tag - 1
        before = tags[word]
    return tags


def read_units(path):
    """All units of a file, and the file's documents without their features."""
    units, documents = [], []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            units += [make_unit(len(units) + n, row, len(documents), *ends) for n, ends in enumerate(row["units"])]
            documents.append({"id": row["id"], "tokens": row["tokens"]})
    return units, documents


def make_unit(index, row, document, start, end):
    first, last = row["starts"][start], row["starts"][end]
    tags = [0] * (end - start)
    attributions = []
    for parts in row["attributions"]:
        for role in ("content", "source", "cue"):
            paint(tags, parts[role], BEGIN[role], start)
        if not parts["cue"] or not start <= parts["cue"][0][0] < end:
            continue
        own = [0] * (end - start)
        for role in ("content", "source", "cue"):
            paint(own, parts[role], BEGIN[role], start)
        cue_start, cue_end = parts["cue"][0][0] - start, min(parts["cue"][0][1], end) - start
        own[cue_start:cue_end] = [0] * (cue_end - cue_start)
        attributions.append((cue_start, cue_end, mended(own)))
    return Unit(
        index=index,
        document=document,
        first_token=start,
        ids=row["ids"][first:last],
        case=row["case"][first:last],
        quote=row["quote"][first:last],
        place=row["place"][first:last],
        first_pieces=[piece - first for piece in row["starts"][start:end]],
        tags=mended(tags),
        attributions=attributions,
    )


def pack(units, limit):
    """Windows of whole units in text order, as many into each as fit: at most `limit` pieces, or a single unit."""
    windows, filled = [], 0
    for unit in units:
        fits = windows and windows[-1][-1].document == unit.document and filled + len(unit.ids) <= limit
        if fits:
            windows[-1].append(unit)
        else:
            windows.append([unit])
            filled = 0
        filled += len(unit.ids)
    return windows


def length(window):
    return sum(len(unit.ids) for unit in window) + 2


def batches(windows, pieces, rng):
    """Batches of windows of similar length, of at most `pieces` pieces with their padding, in random order."""
    windows = sorted(windows, key=lambda window: length(window) + rng.random() * 16)
    groups, group = [], []
    for window in windows:
        if group and max(map(length, [*group, window])) * (len(group) + 1) > pieces:
            groups.append(group)
            group = []
        group.append(window)
    if group:
        groups.append(group)
    rng.shuffle(groups)
    return groups


def epoch(units, pieces, rng):
    """One pass over the units. The packing differs from pass to pass: windows of 60 to 100 % of the full length."""
    by_document = {}
    for unit in units:
        by_document.setdefault(unit.document, []).append(unit)
    windows = []
    for own in by_document.values():
        windows += pack(own, rng.randint(WINDOW * 6 // 10, WINDOW))
    return batches(windows, pieces, rng)


def collate(windows):
    width = max(map(length, windows))
    shape = (len(windows), width)
    ids = torch.zeros(shape, dtype=torch.long)
    case, quote, place = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    mask = torch.zeros(shape, dtype=torch.bool)
    units = [unit for window in windows for unit in window]
    widest = max(len(unit.first_pieces) for unit in units)
    words = torch.zeros((len(units), widest), dtype=torch.long)
    word_mask = torch.zeros((len(units), widest), dtype=torch.bool)
    tags = torch.zeros((len(units), widest), dtype=torch.long)
    index = 0
    for row, window in enumerate(windows):
        at = 1
        ids[row, 0] = CLASSIFY
        for unit in window:
            to = at + len(unit.ids)
            for target, values in ((ids, unit.ids), (case, unit.case), (quote, unit.quote), (place, unit.place)):
                target[row, at:to] = torch.tensor(values)
            count = len(unit.first_pieces)
            words[index, :count] = torch.tensor(unit.first_pieces) + row * width + at
            word_mask[index, :count] = True
            tags[index, :count] = torch.tensor(unit.tags)
            at, index = to, index + 1
        ids[row, at] = SEPARATE
        mask[row, : at + 1] = True
    return Batch(ids, case, quote, place, mask, words, word_mask, tags, units)


def seeded(seed):
    torch.manual_seed(seed)
    return random.Random(seed)
