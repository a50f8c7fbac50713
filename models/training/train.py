"""Trains the model from all-MiniLM-L6-v2. See MODEL_CARD.md for the command.

Stops and goes on: a checkpoint is kept behind every pass, and `--out` with one in it is taken up from there.
"""

import argparse
import copy
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import data
from model import LAYERS, Network

WARM_UP = 0.06
ROLE_WEIGHT = 1.0
# For so many attributions one word that only the tagger takes for a cue is shown to the role reader, without parts.
TRUE_CUES_PER_FALSE = 4


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="output of `onrecord features`")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--base", type=Path, help="model.safetensors of all-MiniLM-L6-v2")
    start.add_argument("--init", type=Path, help="weights of this network to go on from, as this script saves them")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--pieces", type=int, default=1024, help="wordpieces a step")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--soft", type=Path, help="output of soften.py: what other networks make of the same units")
    parser.add_argument("--hard", type=float, default=0.5, help="weight of the annotation beside it")
    parser.add_argument("--frozen", type=int, default=2, help="encoder layers, from below, that at last do not learn")
    parser.add_argument("--frozen-from", type=int, default=3, help="the pass from which on they do not")
    parser.add_argument("--steps", type=int, help="end after as many steps (to measure speed)")
    return parser.parse_args()


def freeze(encoder, layers):
    """Stops so many layers from below, and the embeddings, from learning: they settle first (Brock et al. 2017)."""
    encoder.requires_grad_(False)
    encoder.layers[layers:].requires_grad_(True)


def parameter_groups(network, rate):
    """Lower layers learn slower; what is new learns faster."""
    groups = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder.layers."):
            own = rate * 0.85 ** (LAYERS - 1 - int(name.split(".")[2]))
        elif name.startswith(("encoder.position", "encoder.norm")):
            own = rate * 0.85**LAYERS
        elif "transitions" in name:
            own = rate * 50
        else:
            own = max(rate * 5, 1e-3)
        decay = 0.01 if parameter.ndim > 1 and "transitions" not in name else 0.0
        groups.append({"params": [parameter], "lr": own, "weight_decay": decay})
    return groups


def false_cues(batch, emissions, count):
    """Words outside of every annotated cue that look most like one to the tagger: (unit, word)."""
    cue = (batch.tags == 3) | (batch.tags == 4)
    likely = emissions.detach().softmax(-1)[:, :, 3:5].sum(-1).masked_fill(cue | ~batch.word_mask, 0.0)
    best = likely.flatten().topk(count).indices
    return torch.stack([best // likely.shape[1], best % likely.shape[1]], 1).tolist()


def role_examples(batch, emissions):
    """(unit, cue start, cue end, tags) of every attribution, and of false cues, whose tags are all outside.

    Without `emissions` there are no false cues: those of a tagger that has learnt nothing teach nothing.
    """
    examples = []
    for index, unit in enumerate(batch.units):
        examples += [(index, start, end, tags) for start, end, tags in unit.attributions]
    if emissions is None:
        return examples
    taken = {(index, word) for index, start, end, _ in examples for word in range(start, end)}
    for index, word in false_cues(batch, emissions, len(examples) // TRUE_CUES_PER_FALSE):
        if (index, word) not in taken:
            examples.append((index, word, word + 1, [0] * len(batch.units[index].first_pieces)))
    return examples


class Soft:
    """What other networks make of the units, to be matched by cross-entropy beside the annotation's likelihood."""

    def __init__(self, path, hard):
        loaded = torch.load(path)
        self.tags, self.roles, self.hard = loaded["tags"], loaded["roles"], hard

    def tagging(self, batch, emissions):
        """Per unit."""
        return cross_entropy(emissions, [self.tags[unit.index] for unit in batch.units])

    def role(self, batch, examples, emissions):
        """Per example; of a false cue nobody else made anything."""
        known = [self.roles[batch.units[unit].index].get((start, end)) for unit, start, end, _ in examples]
        return cross_entropy(emissions, known)


def cross_entropy(emissions, targets):
    """For each row the sum over its words; 0 for a row without a target."""
    soft = torch.zeros_like(emissions)
    for row, target in enumerate(targets):
        if target is not None:
            soft[row, : len(target)] = target
    return -(soft * emissions.log_softmax(-1)).sum((1, 2))


def role_loss(network, words, batch, examples, soft):
    """The role reader's loss, in chunks of units of similar length, so that little is padding."""
    examples = sorted(examples, key=lambda example: len(example[3]))
    losses = []
    chunk = max(len(examples) // 5, 1)
    for first in range(0, len(examples), chunk):
        part = examples[first : first + chunk]
        longest = max(len(example[3]) for example in part)
        rows = torch.tensor([example[0] for example in part])
        starts, ends = torch.tensor([example[1] for example in part]), torch.tensor([example[2] for example in part])
        tags = torch.zeros((len(part), longest), dtype=torch.long)
        for row, example in enumerate(part):
            tags[row, : len(example[3])] = torch.tensor(example[3])
        mask = batch.word_mask[rows, :longest]
        emissions = network.roles(words[rows, :longest], mask, starts, ends)
        loss = network.roles.crf.loss(emissions, mask, tags)
        losses.append(loss if soft is None else soft.hard * loss + soft.role(batch, part, emissions))
    return torch.cat(losses)


def step_loss(network, batch, with_false_cues, soft):
    dropped = (torch.rand(batch.ids.shape) < 0.05) & (batch.ids > 998)
    batch.ids = batch.ids.masked_fill(dropped, data.MASK)
    words, emissions = network.read(batch)
    tagging = network.crf.loss(emissions, batch.word_mask, batch.tags)
    if soft is not None:
        tagging = soft.hard * tagging + soft.tagging(batch, emissions)
    tagging = tagging.sum() / batch.word_mask.sum()
    examples = role_examples(batch, emissions if with_false_cues else None)
    if not examples:
        return tagging, torch.zeros(())
    roles = role_loss(network, words, batch, examples, soft)
    # Per attribution the loss sums over its words; 20 words are about what a content has.
    return tagging, roles.mean() / 20


class Average:
    """A running average of the weights, which scores better than the weights themselves (Polyak 1992)."""

    def __init__(self, network, decay=0.998):
        self.network = copy.deepcopy(network)
        self.learning = [p for p in network.parameters() if p.requires_grad]
        self.own = [p for p in self.network.parameters() if p.requires_grad]
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(self.own, self.learning, 1 - decay)


def save(path, network):
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, path)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    units, _ = data.read_units(options.train)
    soft = Soft(options.soft, options.hard) if options.soft else None
    network = Network()
    if options.init:
        network.load_state_dict(load_file(options.init))
    else:
        network.encoder.load_pretrained(load_file(options.base))
    network.encoder.word.requires_grad_(False)
    optimizer = torch.optim.AdamW(parameter_groups(network, options.rate), betas=(0.9, 0.98))
    base_rates = [group["lr"] for group in optimizer.param_groups]
    average = Average(network)
    passes = [data.epoch(units, options.pieces, data.seeded(options.seed + index)) for index in range(options.passes)]
    total, step, first_pass = sum(map(len, passes)), 0, 0
    state_path = options.out / "state.pt"
    if state_path.exists():
        state = torch.load(state_path)
        network.load_state_dict(state["network"])
        average.network.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        average.updates, step, first_pass = state["updates"], state["step"], state["pass"]
    print(f"{len(units)} units, {total} steps, from pass {first_pass + 1}", flush=True)
    for index in range(first_pass, options.passes):
        torch.manual_seed(options.seed + 1000 + index)
        if options.frozen and index + 1 >= options.frozen_from:
            freeze(network.encoder, options.frozen)
        network.train()
        with_false_cues = index > 0 or options.init is not None
        began, sums, seen = time.time(), [0.0, 0.0], 0
        for number, group in enumerate(passes[index], 1):
            scale = min((step + 1) / (WARM_UP * total), max(0.01, (total - step) / ((1 - WARM_UP) * total)))
            for parameters, rate in zip(optimizer.param_groups, base_rates):
                parameters["lr"] = rate * scale
            batch = data.collate(group)
            tagging, roles = step_loss(network, batch, with_false_cues, soft)
            optimizer.zero_grad(set_to_none=True)
            (tagging + ROLE_WEIGHT * roles).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            average.update()
            step += 1
            seen += int(batch.mask.sum())
            sums = [sums[0] + tagging.item(), sums[1] + roles.item()]
            if number % 20 == 0 or number == len(passes[index]):
                speed = seen / (time.time() - began)
                print(
                    f"pass {index + 1} step {number}/{len(passes[index])} tagging {sums[0] / number:.4f} "
                    f"roles {sums[1] / number:.4f} {speed:.0f} pieces/s",
                    flush=True,
                )
            if options.steps and step >= options.steps:
                return
        save(options.out / f"pass{index + 1}.safetensors", average.network)
        torch.save(
            {
                "network": network.state_dict(),
                "average": average.network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "updates": average.updates,
                "step": step,
                "pass": index + 1,
            },
            state_path,
        )
    save(options.out / "model.safetensors", average.network)


if __name__ == "__main__":
    main()
