"""The loss of the ranker of antecedents, over the mentions of a batch of documents."""

import torch

from who import FEATURES

CLASH = [name for name, _ in FEATURES].index("clash")
# News counts more, for there is little of it, and so does GAP, whose pronouns are ambiguous.
WEIGHTS = {"news": 3.0, "gap": 3.0}


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
