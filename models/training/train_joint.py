"""Trains the encoder's upper layers and all heads at once: the words', who is who, and what a claim means.

See MODEL_CARD.md for the command. What the words' heads made of their corpus before is taught to them again.
"""

import argparse
import copy
import itertools
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

import data
import train
from golden import load_model_file
from joint import FROZEN, Joint, forward, read_low, read_who, sense_of
from joint_data import batches, held_out, inside, load
from measure import measure
from model import LAYERS
from ranking import known_kinds, mention_vectors, rank_loss, weight

# Windows of the words' corpus a step.
NEWS_WINDOWS = 11
WARM_UP = 0.06


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="output of export.py: the words' heads so far")
    parser.add_argument("--heads-of", type=Path, help="folder of an earlier run: learn on with its heads, on an encoder that stays")
    parser.add_argument("--network", type=Path, help="network.safetensors in the place of the model's: output of blend.py")
    parser.add_argument("--news", type=Path, required=True, help="features of the words' corpus")
    parser.add_argument("--soft", type=Path, required=True, help="output of soften.py for it")
    parser.add_argument("--meaning", type=Path, nargs="*", default=[])
    parser.add_argument("--data", type=str, action="append", required=True, help="CORPUS:FEATURES:GOLD")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--dropout", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def meaning_loss(logits, labels):
    """Negative log likelihood of the labels, of which a claim may have several that are right, per claim."""
    losses = []
    for name, own in logits.items():
        for row, known in zip(own, labels):
            if name in known:
                losses.append(-torch.logsumexp(row.log_softmax(-1)[known[name]], 0))
    return sum(losses) / max(len(labels), 1)


def words_loss(joint, batch, last, units, soft):
    """The words' heads on the news units of a batch, rows `units`, as train.py has it."""
    network = joint.network
    sub = copy.copy(batch)
    sub.units = [batch.units[u] for u in units]
    sub.tags, sub.word_mask = batch.tags[units], batch.word_mask[units]
    words = last[units]
    emissions = network.tag(F.gelu(network.hidden(words)))
    tagging = network.crf.loss(emissions, sub.word_mask, sub.tags)
    tagging = soft.hard * tagging + soft.tagging(sub, emissions)
    tagging = tagging.sum() / sub.word_mask.sum()
    examples = train.role_examples(sub, emissions)
    if not examples:
        return tagging
    return tagging + train.role_loss(network, words, sub, examples, soft).mean() / 20


def who_losses(joint, documents, read, table, offsets):
    """The losses of the heads of who is who over whole documents."""
    losses = {}
    x = read_who(joint.who, table, offsets, read)
    mentions, firsts = mention_vectors(x, documents, offsets)
    if mentions is not None:
        rows, kinds = known_kinds(documents, firsts)
        if rows:
            losses["kinds"] = F.cross_entropy(joint.who.kind(mentions[rows]), torch.tensor(kinds))
        ranked = rank_loss(joint.who, mentions, documents, firsts, 0.5)
        if ranked is not None:
            weights = torch.tensor([weight(d) for d in documents for _ in d.anaphors])
            losses["rank"] = (weights * ranked[0]).sum() / weights.sum()
    rows, tags = [], []
    for document, offset in zip(documents, offsets):
        if document.tags:
            rows += range(offset, offset + len(document.tags))
            tags += document.tags
    if rows:
        losses["names"] = 2 * F.cross_entropy(joint.who.names(x[rows]), torch.tensor(tags))
    return losses


def step_loss(joint, documents, news, soft):
    """The losses of one step over whole documents and windows of the words' corpus, given as (row, window)."""
    count = len(documents)
    read = [(len(d.tokens), d.windows) for d in documents] + [(len(r["tokens"]), [w]) for r, w in news]
    batch, last, table, offsets = forward(joint, read)
    losses = who_losses(joint, documents, read[:count], table, offsets[:count])
    claims = [(o, c) for o, d in zip(offsets, documents) for c in d.claims]
    claims += [(o, c) for o, (r, w) in zip(offsets[count:], news) for c in r["claims"] if inside(c, w)]
    if claims:
        logits = sense_of(joint, table, [(o, c[0]) for o, c in claims])
        losses["meaning"] = 0.3 * meaning_loss(logits, [c[1] for _, c in claims]) * min(1, len(claims) / 4)
    if not news:
        return losses
    first = sum(len(w.units) for d in documents for w in d.windows)
    losses["words"] = words_loss(joint, batch, last, list(range(first, len(batch.units))), soft)
    return losses


def parameter_groups(joint, options):
    """Lower layers learn slower; what is new learns faster."""
    groups = []
    for name, parameter in joint.named_parameters():
        if not parameter.requires_grad:
            continue
        own, decay = options.head_rate, 0.05 if parameter.ndim > 1 else 0.01
        if name.startswith("network.encoder.layers."):
            own, decay = options.rate * 0.85 ** (LAYERS - 1 - int(name.split(".")[3])), 0.01
        elif name.startswith("network."):
            own, decay = options.rate * 2, 0.01
        groups.append({"params": [parameter], "lr": own, "weight_decay": decay})
    return groups


def endless(windows, rng):
    """Windows of the words' corpus, so many at a time, all before any comes again."""
    queue = []
    while True:
        if len(queue) < NEWS_WINDOWS:
            more = windows[:]
            rng.shuffle(more)
            queue = more + queue
        yield queue[-NEWS_WINDOWS:]
        queue = queue[:-NEWS_WINDOWS]


class Training:
    """The heads while they learn, and a running average of their weights, which scores better (Polyak 1992)."""

    def __init__(self, joint, options, total):
        self.joint, self.total, self.step = joint, total, 0
        self.average = copy.deepcopy(joint).eval()
        self.optimizer = torch.optim.AdamW(parameter_groups(joint, options), betas=(0.9, 0.98))
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.learning = [p for p in joint.parameters() if p.requires_grad]
        self.own = [p for p in self.average.parameters() if p.requires_grad]

    def learn(self, loss):
        scale = min(1.0, (self.step + 1) / (WARM_UP * self.total)) * max(0.02, 1 - self.step / self.total)
        for group, rate in zip(self.optimizer.param_groups, self.rates):
            group["lr"] = rate * scale
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.learning, 1.0)
        self.optimizer.step()
        self.step += 1
        decay = min(0.997, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(self.own, self.learning, 1 - decay)

    def run(self, documents, news, soft, rng):
        """One pass."""
        began, sums = time.time(), {}
        for count, (group, windows) in enumerate(zip(batches(documents, rng), news), 1):
            losses = step_loss(self.joint, group, windows, soft)
            for name, loss in losses.items():
                sums.setdefault(name, []).append(loss.item())
            self.learn(sum(losses.values()))
            if count % 20 == 0:
                line = " ".join(f"{name} {sum(own[-200:]) / len(own[-200:]):.3f}" for name, own in sorted(sums.items()))
                print(f"step {self.step}/{self.total} {line} {time.time() - began:.0f} s", flush=True)


def save(joint, folder):
    for name in ("network", "who", "sense"):
        state = getattr(joint, name).state_dict()
        save_file({key: tensor.contiguous() for key, tensor in state.items()}, folder / f"{name}.safetensors")


def start(options):
    """All heads on the network of the model, or, with the encoder and the words' heads as they are, those of an earlier run."""
    network = load_model_file(options.model)
    if options.network:
        network.load_state_dict(load_file(options.network))
    joint = Joint(network, options.dropout)
    if options.heads_of:
        joint.who.load_state_dict(load_file(options.heads_of / "who.safetensors"))
        joint.sense.load_state_dict(load_file(options.heads_of / "sense.safetensors"))
        network.requires_grad_(False)
    else:
        network.encoder.requires_grad_(False)
        network.encoder.layers[FROZEN:].requires_grad_(True)
    return joint


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    rng = data.seeded(options.seed)
    documents, news = load(options)
    joint = start(options)
    read_low(joint.network, [w for d in documents for w in d.windows] + [w for r in news for w in r["windows"]])
    soft = train.Soft(options.soft, 0.5)
    held = [d for d in documents if held_out(d.id)]
    documents = [d for d in documents if not held_out(d.id)]
    held_news = [(r, w) for r in news if held_out(r["id"]) for w in r["windows"] if any(inside(c, w) for c in r["claims"])]
    if options.heads_of:
        news = itertools.repeat([])
    else:
        news = endless([(r, w) for r in news if not held_out(r["id"]) for w in r["windows"]], rng)
    joint.train()
    training = Training(joint, options, options.passes * sum(1 for _ in batches(documents, random.Random(1))))
    for _ in range(options.passes):
        training.run(documents, news, soft, rng)
        measure(training.average, held, held_news)
        save(training.average, options.out)


if __name__ == "__main__":
    main()
