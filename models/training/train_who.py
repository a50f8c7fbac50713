"""Trains the heads that read who is who, on a fixed encoder. See MODEL_CARD.md for the command."""

import argparse
import copy
import random
import time
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

import data
from who import FEATURES, KINDS, Who
from who_data import read_documents

WORDS = 2500
CLASH = [name for name, _ in FEATURES].index("clash")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=str, action="append", required=True, help="CORPUS:FEATURES:GOLD:VECTORS")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--dropout", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fold", type=int, help="leave this fifth of the documents out, and measure on them")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def windows_of(document):
    """Ranges of tokens that the encoder reads at once, those in which something is annotated."""
    used = [document.mentions[at]["head"][0] for one in document.anaphors for at in (one.at, *one.candidates)]
    used = set(used)
    out = []
    for window in data.pack(document.units, data.WINDOW):
        start, end = window[0].first_token, window[-1].first_token + len(window[-1].first_pieces)
        if document.kinds is not None or any(start <= token < end for token in used):
            out.append((start, end))
    return out


def load(options):
    documents = []
    for one in options.data:
        corpus, features, gold, vectors = one.split(":")
        own = read_documents(features, gold, corpus)
        for document, vector in zip(own, torch.load(vectors)):
            document.vectors = vector
            document.windows = windows_of(document)
        documents += [document for document in own if document.windows]
    return documents


def fold_of(document):
    return zlib.crc32(document.id.encode()) % 5


def of_pass(documents, rng):
    """The documents of one pass: half of those that tell nothing but kinds of names."""
    return [document for document in documents if document.anaphors or rng.random() < 0.5]


def batches(documents, rng):
    order = documents[:]
    rng.shuffle(order)
    batch, words = [], 0
    for document in order:
        batch.append(document)
        words += len(document.tokens)
        if words >= WORDS:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


def read(who, batch):
    """Vectors of all words of the documents, one after the other, and where each document begins."""
    spans = [(d, s, e) for d, document in enumerate(batch) for s, e in document.windows]
    width = max(e - s for _, s, e in spans)
    words = torch.zeros((len(spans), width, batch[0].vectors.shape[1]))
    mask = torch.zeros((len(spans), width), dtype=torch.bool)
    for row, (d, s, e) in enumerate(spans):
        words[row, : e - s] = batch[d].vectors[s:e].float()
        mask[row, : e - s] = True
    x = who.read(words, mask)
    offsets, total = [], 0
    for document in batch:
        offsets.append(total)
        total += len(document.tokens)
    # Words of windows that were not read have no vector.
    rows = torch.cat([torch.arange(offsets[d] + s, offsets[d] + e) for d, s, e in spans])
    return torch.zeros((total, x.shape[2])).index_copy(0, rows, x[mask]), offsets


def mention_vectors(x, batch, offsets):
    """The mean vectors of the heads of all mentions, and where each document's begin."""
    firsts, total, rows, owners = [], 0, [], []
    for document, offset in zip(batch, offsets):
        firsts.append(total)
        for mention in document.mentions:
            s, e = mention["head"]
            rows += range(offset + s, offset + e)
            owners += [total] * (e - s)
            total += 1
    if not rows:
        return None, firsts
    owners = torch.tensor(owners)
    sums = torch.zeros((total, x.shape[1])).index_add(0, owners, x[torch.tensor(rows)])
    counts = torch.zeros(total).index_add(0, owners, torch.ones(len(rows)))
    return sums / counts.clamp(min=1)[:, None], firsts


def flat_pairs(batch, firsts):
    anaphors, antecedents, pairs, owners, right, heads, nobody = [], [], [], [], [], [], []
    for document, first in zip(batch, firsts):
        for one in document.anaphors:
            index = len(heads)
            heads.append(first + one.at)
            nobody.append(one.nobody)
            for c, features, ok in zip(one.candidates, one.pairs, one.right):
                anaphors.append(first + one.at)
                antecedents.append(first + c)
                pairs.append(features)
                owners.append(index)
                right.append(ok)
    return anaphors, antecedents, pairs, owners, right, heads, nobody


def segment_logsumexp(scores, owners, count):
    most = torch.full((count,), -1e9).scatter_reduce(0, owners, scores.detach(), "amax")
    sums = torch.zeros(count).index_add(0, owners, (scores - most[owners]).exp())
    return sums.clamp(min=1e-30).log() + most


def rank_loss(who, mentions, batch, firsts, hide=0.0):
    """Negative log likelihood that one of the right antecedents is meant (Lee et al. 2017), per anaphor, and scores."""
    anaphors, antecedents, pairs, owners, right, heads, nobody = flat_pairs(batch, firsts)
    if not heads:
        return None
    pairs, owners, right = torch.tensor(pairs), torch.tensor(owners), torch.tensor(right)
    if hide:
        # Of a share of the pairs the gender is hidden: what nobody knows is no evidence.
        pairs[:, CLASH] *= (torch.rand(len(pairs)) >= hide).long()
    scores = who.rank(mentions, torch.tensor(anaphors), torch.tensor(antecedents), pairs)
    none = who.none(mentions[torch.tensor(heads)])
    count = len(heads)
    everything = torch.logaddexp(segment_logsumexp(scores, owners, count), none)
    good = segment_logsumexp(scores.masked_fill(~right, -1e9), owners, count)
    good = torch.where(torch.tensor(nobody), torch.logaddexp(good, none), good)
    return everything - good, scores, none, owners, right, torch.tensor(nobody)


def step_loss(who, batch):
    x, offsets = read(who, batch)
    losses = []
    mentions, firsts = mention_vectors(x, batch, offsets)
    if mentions is None:
        return None
    rows, kinds = known_kinds(batch, firsts)
    if rows:
        losses.append(F.cross_entropy(who.kind(mentions[rows]), torch.tensor(kinds)))
    ranked = rank_loss(who, mentions, batch, firsts, 0.5)
    if ranked is not None:
        weights = torch.tensor([weight(d) for d in batch for _ in d.anaphors])
        losses.append((weights * ranked[0]).sum() / weights.sum())
    return sum(losses) if losses else None


# News counts more, for there is little of it, and so does GAP, whose pronouns are ambiguous.
WEIGHTS = {"news": 3.0, "gap": 3.0}


def weight(document):
    return WEIGHTS.get(document.corpus, 1.0)


def known_kinds(batch, firsts):
    """The mentions that are names of an annotated kind, and the kinds."""
    rows, kinds = [], []
    for document, first in zip(batch, firsts):
        for at, kind in enumerate(document.kinds or []):
            if kind >= 0:
                rows.append(first + at)
                kinds.append(kind)
    return rows, kinds


@torch.no_grad()
def measure(who, documents):
    """F1 of the kinds of names, and the share of anaphors ranked right, by corpus and pronoun."""
    who.eval()
    names, ranks = {}, {}
    for batch in batches(documents, random.Random(1)):
        x, offsets = read(who, batch)
        mentions, firsts = mention_vectors(x, batch, offsets)
        if mentions is None:
            continue
        rows, kinds = known_kinds(batch, firsts)
        for found, want in zip(who.kind(mentions[rows]).argmax(1).tolist() if rows else [], kinds):
            for kind in {found, want}:
                count = names.setdefault(kind, [0, 0, 0])
                count[0] += found == want
                count[1] += found == kind
                count[2] += want == kind
        ranked = rank_loss(who, mentions, batch, firsts)
        if ranked is None:
            continue
        _, scores, none, owners, right, nobody = ranked
        index = 0
        for document in batch:
            for one in document.anaphors:
                own = scores[owners == index]
                best = int(own.argmax()) if len(own) and own.max() > none[index] else None
                ok = one.right[best] if best is not None else one.nobody
                key = document.corpus, document.mentions[one.at]["pronoun"]
                count = ranks.setdefault(key, [0, 0])
                count[0] += ok
                count[1] += 1
                index += 1
    who.train()
    line = []
    for kind, (hit, found, want) in sorted(names.items()):
        line.append(f"{KINDS[kind]} {200 * hit / max(found + want, 1):.1f}")
    print("  names", *line, "| ranked", *(f"{k[0]}/{k[1]} {100 * a / b:.1f} (n={b})" for k, (a, b) in sorted(ranks.items())), flush=True)


def save(who, folder):
    save_file({name: tensor.contiguous() for name, tensor in who.state_dict().items()}, folder / "who.safetensors")


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    rng = data.seeded(options.seed)
    documents = load(options)
    print(len(documents), "documents", sum(len(d.anaphors) for d in documents), "anaphors", flush=True)
    held = []
    if options.fold is not None:
        held = [d for d in documents if fold_of(d) == options.fold]
        documents = [d for d in documents if fold_of(d) != options.fold]
    who = Who(options.dropout)
    average = copy.deepcopy(who).eval()
    optimizer = torch.optim.AdamW(who.parameters(), lr=options.rate, weight_decay=0.05, betas=(0.9, 0.98))
    total = options.passes * sum(1 for _ in batches(of_pass(documents, random.Random(1)), random.Random(1)))
    step = 0
    for number in range(options.passes):
        started, losses = time.time(), []
        for batch in batches(of_pass(documents, rng), rng):
            rate = min(1.0, (step + 1) / (0.06 * total)) * max(0.02, 1 - step / total)
            for group in optimizer.param_groups:
                group["lr"] = options.rate * rate
            loss = step_loss(who, batch)
            if loss is None:
                continue
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(who.parameters(), 1.0)
            optimizer.step()
            step += 1
            decay = min(0.995, (1 + step) / (10 + step))
            with torch.no_grad():
                torch._foreach_lerp_(list(average.parameters()), list(who.parameters()), 1 - decay)
            losses.append(loss.item())
        print(f"pass {number + 1}: loss {sum(losses) / len(losses):.3f}, {time.time() - started:.0f} s", flush=True)
        if held:
            measure(average, held)
        save(average, options.out)


if __name__ == "__main__":
    main()
