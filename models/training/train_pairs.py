"""Trains the judge of two claims. See MODEL_CARD.md for the command."""

import argparse
import json
import random
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from pairs import LABELS, PairJudge, Pieces, collate, read_pairs, report, scores_of

PAIRS = 32
SMOOTHING = 0.05
WARM_UP = 0.1
ENTAILED = {"entailment": "REPEATS", "contradiction": "CONTRADICTS", "neutral": "OTHER"}
# So many claims are also set beside one that has nothing to do with them.
UNRELATED = 0.05


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="model.safetensors of all-MiniLM-L6-v2 as published")
    parser.add_argument("--init", type=Path, help="output of an earlier run, to go on with")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--entailment", type=Path, nargs="*", default=[], help="read once before, entailment for REPEATS")
    parser.add_argument("--most", type=int, default=6000, help="pairs of each of these files")
    parser.add_argument("--pairs", type=Path, nargs="+", required=True)
    parser.add_argument("--unseen", type=Path, help="pairs to measure on beside those held out")
    parser.add_argument("--held-out", type=int, default=0, help="a share of one in so many claims is left out; 0 leaves out none")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def read_entailment(path, most, rng):
    with open(path, encoding="utf-8") as rows:
        rows = [json.loads(row) for row in rows]
    rng.shuffle(rows)
    return [(row["a"], row["b"], LABELS.index(ENTAILED[row["label"]]), "") for row in rows[:most]]


def unrelated(pairs, rng):
    texts = [pair[0] for pair in pairs]
    return [(a, rng.choice(texts), LABELS.index("OTHER"), "") for a, *_ in pairs if rng.random() < UNRELATED]


def balanced(pairs, rng):
    """The pairs, of each label as many as of the most frequent."""
    by_label = [[pair for pair in pairs if pair[2] == label] for label in range(len(LABELS))]
    most = max(map(len, by_label))
    return pairs + [pair for own in by_label for pair in rng.choices(own, k=most - len(own))]


def batches(pairs, pieces, rng):
    pairs, groups = pairs[:], []
    rng.shuffle(pairs)
    length = lambda pair: len(pieces.of(pair[0])) + len(pieces.of(pair[1]))
    for first in range(0, len(pairs), PAIRS * 16):
        near = sorted(pairs[first : first + PAIRS * 16], key=length)
        groups += [near[at : at + PAIRS] for at in range(0, len(near), PAIRS)]
    rng.shuffle(groups)
    return groups


def learn(judge, pairs, pieces, options, passes, rng, after):
    groups = [{"params": [], "lr": rate} for rate in (options.rate, 5 * options.rate)]
    for name, parameter in judge.named_parameters():
        if parameter.requires_grad:
            groups[not name.startswith("encoder.")]["params"].append(parameter)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rates = [group["lr"] for group in optimizer.param_groups]
    total, step = passes * len(batches(pairs, pieces, rng)), 0
    for number in range(passes):
        judge.train()
        for group in batches(pairs, pieces, rng):
            # The order of the two does not matter.
            group = [(b, a, label) if rng.random() < 0.5 else (a, b, label) for a, b, label, _ in group]
            with torch.autocast("cpu", torch.bfloat16):
                scores = judge(collate([pair[:2] for pair in group], pieces))
            labels = torch.tensor([label for *_, label in group])
            loss = F.cross_entropy(scores.float(), labels, label_smoothing=SMOOTHING)
            scale = min(1, (step + 1) / (WARM_UP * total)) * max(0.02, 1 - step / total)
            for parameters, rate in zip(optimizer.param_groups, rates):
                parameters["lr"] = rate * scale
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimizer.step()
            step += 1
        print(f"pass {number + 1} of {passes}: loss {loss.item():.3f}", flush=True)
        after()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    pieces = Pieces(options.vocabulary)
    judge = PairJudge()
    judge.encoder.load_pretrained(load_file(options.start))
    if options.init:
        judge.load_state_dict(load_file(options.init))
    # What the sentence encoder has, too, stays as it is there, and is stored once.
    for shared in (judge.encoder.word, judge.encoder.position):
        shared.weight.requires_grad = False
    own = [pair for path in options.pairs for pair in read_pairs(path)]
    out = lambda pair: options.held_out and zlib.crc32(pair[3].encode()) % options.held_out == 0
    held, taught = [pair for pair in own if out(pair)], [pair for pair in own if not out(pair)]
    unseen = read_pairs(options.unseen) if options.unseen else []
    before = [pair for path in options.entailment for pair in read_entailment(path, options.most, rng)]
    print(f"{len(before)} of entailment, {len(taught)} pairs, {len(held)} held out, {len(unseen)} unseen", flush=True)

    def after():
        for name, measured in (("held out", held), ("unseen", unseen)):
            if measured:
                scores = scores_of(judge, measured, pieces)
                for threshold in (0.5, 0.6, 0.7, 0.8):
                    report(name, measured, scores, threshold)

    if before:
        learn(judge, before, pieces, options, 1, rng, lambda: None)
    taught = balanced(taught + unrelated(taught, rng), rng)
    learn(judge, taught, pieces, options, options.passes, rng, after)
    save_file({name: tensor.contiguous() for name, tensor in judge.state_dict().items()}, options.out)


if __name__ == "__main__":
    main()
