"""How well the heads do on documents that they did not learn from."""

import random

import torch

from joint import forward, read_who, sense_of
from joint_data import batches, inside
from ranking import known_kinds, mention_vectors, rank_loss
from who import KINDS


@torch.no_grad()
def measure(joint, documents, meaning_news):
    """Prints what is right: kinds of names, people's names, what claims mean, and antecedents by corpus and pronoun."""
    joint.eval()
    ranks, kinds_seen, names, sense = {}, {}, [0, 0, 0], {}
    rng = random.Random(1)
    groups = [(b, []) for b in batches(documents, rng)] + [([], meaning_news[i : i + 12]) for i in range(0, len(meaning_news), 12)]
    for group, windows in groups:
        docs = [(len(d.tokens), d.windows) for d in group] + [(len(r["tokens"]), [w]) for r, w in windows]
        _, _, table, offsets = forward(joint, docs)
        claims = [(o, c) for o, d in zip(offsets, group) for c in d.claims]
        claims += [(o, c) for o, (r, w) in zip(offsets[len(group):], windows) for c in r["claims"] if inside(c, w)]
        if claims:
            logits = sense_of(joint, table, [(o, c[0]) for o, c in claims])
            for name, own in logits.items():
                for row, (_, (_, labels)) in zip(own, claims):
                    if name in labels:
                        count = sense.setdefault(name, [0, 0])
                        count[0] += int(row.argmax()) in labels[name]
                        count[1] += 1
        if not group:
            continue
        x = read_who(joint.who, table, offsets, docs)
        for d, offset in zip(group, offsets):
            if d.tags:
                found = people(joint.who.names(x[offset : offset + len(d.tags)]).argmax(-1).tolist())
                want = people(d.tags)
                names = [names[0] + len(found & want), names[1] + len(found), names[2] + len(want)]
        mentions, firsts = mention_vectors(x, group, offsets)
        if mentions is None:
            continue
        rows, kinds = known_kinds(group, firsts)
        for found, want in zip(joint.who.kind(mentions[rows]).argmax(1).tolist() if rows else [], kinds):
            for kind in {found, want}:
                count = kinds_seen.setdefault(kind, [0, 0, 0])
                count[0] += found == want
                count[1] += found == kind
                count[2] += want == kind
        ranked = rank_loss(joint.who, mentions, group, firsts)
        if ranked is None:
            continue
        _, scores, none, owners, right, nobody = ranked
        index = 0
        for document in group:
            for one in document.anaphors:
                own = scores[owners == index]
                best = int(own.argmax()) if len(own) and own.max() > none[index] else None
                ok = one.right[best] if best is not None else one.nobody
                count = ranks.setdefault((document.corpus, document.mentions[one.at]["pronoun"]), [0, 0])
                count[0] += ok
                count[1] += 1
                index += 1
    joint.train()
    print("  kinds", *(f"{KINDS[k]} {200 * h / max(f + w, 1):.1f}" for k, (h, f, w) in sorted(kinds_seen.items())))
    print("  people's names", f"P {100 * names[0] / max(names[1], 1):.1f} R {100 * names[0] / max(names[2], 1):.1f}")
    print("  meaning", *(f"{k} {100 * a / b:.1f} (n={b})" for k, (a, b) in sense.items()))
    print("  ranked", *(f"{k[0]}/{k[1]} {100 * a / b:.1f} (n={b})" for k, (a, b) in sorted(ranks.items())), flush=True)


def people(tags):
    """Spans of people's names."""
    out, start = set(), None
    for at, tag in enumerate([*tags, 0]):
        if start is not None and tag != 2:
            out.add((start, at))
            start = None
        if tag == 1 or (tag == 2 and start is None):
            start = at
    return out
