"""Trains the heads that read what claims mean, on an encoder that stays as it is.

See MODEL_CARD.md for the command. The labels are those of claims.py; what the heads are shown of each claim comes from
`onrecord features --claims`.
"""

import argparse
import copy
import json
import random
import zlib
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import data
from golden import load_model_file
from meaning import CLASSES, Meaning
from who import LAYERS_READ

CLAIMS = 32
SMOOTHING = 0.05
WARM_UP = 0.06


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model file, for its encoder")
    parser.add_argument("--claims", type=Path, required=True, help="output of claims.py")
    parser.add_argument("--features", type=Path, required=True, help="output of `onrecord features --claims` for it")
    parser.add_argument("--vectors", type=Path, required=True, help="where the encoder's vectors are kept; made where it is missing")
    parser.add_argument("--out", type=Path, help="where the heads are saved")
    parser.add_argument("--folds", type=int, default=0, help="cross-validation over so many parts of the articles")
    parser.add_argument("--scores", type=Path, help="where it writes what calibrate_meaning.py reads")
    parser.add_argument("--passes", type=int, default=9)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


class Claim:
    """A labelled claim: its article, its words' tokens and parts, the rules' features, and the labels that are right."""

    def __init__(self, article, shown, labels):
        self.article, self.words = article, shown["words"]
        self.parts, self.features = torch.tensor(shown["parts"]), torch.tensor(shown["features"])
        self.confidence, self.ok, self.labels = labels.get("confidence"), labels["ok"], {}
        for name, values in CLASSES.items():
            own = labels[name] if isinstance(labels[name], list) else [labels[name]]
            own = [values.index(value) for value in own if value in values]
            # Of what is no claim only that is told.
            if own and (labels["ok"] is not False or name == "ok"):
                self.labels[name] = own


def load(options):
    """The claims, and the windows that hold words of each article's claims."""
    claims, windows = [], []
    with open(options.claims, encoding="utf-8") as rows, open(options.features, encoding="utf-8") as shown:
        for row, features in zip(map(json.loads, rows), map(json.loads, shown)):
            own = [Claim(row["id"], *one) for one in zip(features["claims"], row["labels"])]
            own = [claim for claim in own if claim.words]
            claims += own
            units = [data.make_unit(0, {**features, "attributions": []}, row["id"], *ends) for ends in features["units"]]
            needed = {token for claim in own for token in claim.words}
            for window in data.pack(units, data.WINDOW):
                if any(token in needed for unit in window for token in tokens_of(unit)):
                    windows.append((window, needed))
    return claims, windows


def tokens_of(unit):
    return range(unit.first_token, unit.first_token + len(unit.first_pieces))


@torch.no_grad()
def vectors_of(network, windows):
    """What the layers of LAYERS_READ give for the words that are needed, by article and token."""
    vectors = {}
    windows = sorted(windows, key=lambda one: sum(len(unit.ids) for unit in one[0]))
    for first in range(0, len(windows), 16):
        group = windows[first : first + 16]
        batch = data.collate([window for window, _ in group])
        with torch.autocast("cpu", torch.bfloat16):
            layers = [x for number, x in enumerate(network.encoder.each_layer(batch), 1) if number in LAYERS_READ]
        x = torch.cat([layer.float() for layer in layers], -1).flatten(0, 1)
        row = 0
        for window, needed in group:
            for unit in window:
                places = batch.words[row][batch.word_mask[row]].tolist()
                for token, place in zip(tokens_of(unit), places):
                    if token in needed:
                        vectors[unit.document, token] = x[place].half().clone()
                row += 1
    return vectors


def add_vectors(claims, options):
    if options.vectors.exists():
        for claim, own in zip(claims, torch.load(options.vectors)):
            claim.vectors = own
        return
    network = load_model_file(options.model)
    vectors = vectors_of(network, options.windows)
    for claim in claims:
        claim.vectors = torch.stack([vectors[claim.article, token] for token in claim.words])
    torch.save([claim.vectors for claim in claims], options.vectors)


def collate(claims):
    length = max(len(claim.words) for claim in claims)
    words = torch.zeros(len(claims), length, claims[0].vectors.shape[1])
    parts = torch.zeros(len(claims), length, dtype=torch.long)
    mask = torch.zeros(len(claims), length, dtype=torch.bool)
    for row, claim in enumerate(claims):
        count = len(claim.words)
        words[row, :count], parts[row, :count], mask[row, :count] = claim.vectors.float(), claim.parts, True
    return words, parts, mask, torch.stack([claim.features for claim in claims])


def loss_of(outputs, claims):
    """Negative log likelihood of the labels, of which a claim may have several that are right, per claim."""
    total = 0
    for name, values in CLASSES.items():
        right = torch.full((len(claims), len(values)), -1e9)
        known = torch.zeros(len(claims))
        for row, claim in enumerate(claims):
            if name in claim.labels:
                right[row, claim.labels[name]], known[row] = 0, 1
        logs = outputs[name].log_softmax(-1)
        own = (1 - SMOOTHING) * torch.logsumexp(logs + right, -1) + SMOOTHING * logs.mean(-1)
        total = total - (own * known).sum()
    return total / len(claims)


def batches(claims, rng):
    """Batches of claims of about the same length, in random order."""
    claims = claims[:]
    rng.shuffle(claims)
    groups = []
    for first in range(0, len(claims), CLAIMS * 16):
        near = sorted(claims[first : first + CLAIMS * 16], key=lambda claim: len(claim.words))
        groups += [near[at : at + CLAIMS] for at in range(0, len(near), CLAIMS)]
    rng.shuffle(groups)
    return groups


def trained(claims, options):
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    heads = Meaning()
    average = copy.deepcopy(heads).eval()
    optimizer = torch.optim.AdamW(heads.parameters(), lr=options.rate, weight_decay=0.05, betas=(0.9, 0.98))
    total, step = options.passes * len(batches(claims, rng)), 0
    for number in range(options.passes):
        for group in batches(claims, rng):
            scale = min(1, (step + 1) / (WARM_UP * total)) * max(0.02, 1 - step / total)
            for parameters in optimizer.param_groups:
                parameters["lr"] = options.rate * scale
            loss = loss_of(heads(*collate(group)), group)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(heads.parameters(), 1.0)
            optimizer.step()
            step += 1
            # A running average of the weights scores better (Polyak 1992).
            share = min(0.995, step / (step + 20))
            with torch.no_grad():
                for mean, own in zip(average.parameters(), heads.parameters()):
                    mean.lerp_(own, 1 - share)
        print(f"pass {number + 1}: loss {loss.item():.3f}", flush=True)
    return average


@torch.no_grad()
def answers(heads, claims):
    found = []
    for first in range(0, len(claims), 64):
        group = claims[first : first + 64]
        outputs = heads(*collate(group))
        best = {name: own.argmax(-1).tolist() for name, own in outputs.items()}
        sensible = (outputs["ok"][:, 0] - outputs["ok"][:, 1]).tolist()
        found += [{name: best[name][row] for name in CLASSES} | {"sensible": sensible[row]} for row in range(len(group))]
    return found


def report(claims, found):
    for name, values in CLASSES.items():
        pairs = Counter()
        for claim, own in zip(claims, found):
            if name in claim.labels:
                right = claim.labels[name]
                pairs[own[name] if own[name] in right else right[0], own[name]] += 1
        hits = sum(n for (gold, own), n in pairs.items() if gold == own)
        total = sum(pairs.values())
        f1 = []
        for value in range(len(values)):
            own = sum(n for pair, n in pairs.items() if value in pair)
            both = pairs[value, value]
            if any(gold == value for gold, _ in pairs):
                f1.append(2 * both / max(own + both, 1))
        print(f"{name}: {100 * hits / total:.1f} macro F1 {100 * sum(f1) / len(f1):.1f} (n={total})", flush=True)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    claims, options.windows = load(options)
    add_vectors(claims, options)
    if options.folds:
        part = lambda claim: zlib.crc32(claim.article.encode()) % options.folds
        tested, found = [], []
        for fold in range(options.folds):
            heads = trained([claim for claim in claims if part(claim) != fold], options)
            own = [claim for claim in claims if part(claim) == fold]
            tested, found = tested + own, found + answers(heads, own)
            report(tested, found)
        if options.scores:
            rated = [(claim, own) for claim, own in zip(tested, found) if claim.confidence is not None]
            rows = [{"confidence": claim.confidence, "sensible": own["sensible"], "ok": claim.ok} for claim, own in rated]
            options.scores.write_text("".join(json.dumps(row) + "\n" for row in rows))
    if options.out:
        heads = trained(claims, options)
        save_file({name: tensor.contiguous() for name, tensor in heads.state_dict().items()}, options.out)


if __name__ == "__main__":
    main()
