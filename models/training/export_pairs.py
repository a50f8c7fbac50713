"""Writes the judge of two claims in the form that the program reads, and what it gives for a few pairs, to test that.

The vectors of pieces and of their places are left out: the program has them from the sentence encoder.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from export import digest_of, is_whole, quantised, restored
from golden import stored_tensors
from pairs import PairJudge, Pieces, collate

SHARED = ("encoder.word.weight", "encoder.position.weight")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="output of train_pairs.py")
    parser.add_argument("sentences", type=Path, help="the sentence encoder's model file")
    parser.add_argument("out", type=Path)
    parser.add_argument("--golden", type=Path, nargs=3, metavar=("VOCABULARY", "PAIRS", "OUT"))
    options = parser.parse_args()
    tensors, used = {}, {}
    for name, tensor in sorted(load_file(options.weights).items()):
        if name in SHARED:
            continue
        if is_whole(name, tensor):
            tensors[name] = used[name] = tensor.float().contiguous()
        else:
            tensors[name], tensors[name + ".scale"] = quantised(tensor.float())
            used[name] = restored(tensors[name], tensors[name + ".scale"])
    version = f"pairs-{digest_of(tensors, {})}"
    save_file(tensors, options.out, {"version": version})
    print(f"{options.out}: version {version}, {options.out.stat().st_size} bytes")
    if options.golden:
        stored = stored_tensors(options.sentences)
        used |= {name: stored[name] for name in SHARED}
        judge = PairJudge()
        judge.load_state_dict(used)
        write_golden(judge.eval(), *options.golden)


@torch.no_grad()
def write_golden(judge, vocabulary, pairs, out):
    pieces = Pieces(vocabulary)
    with open(pairs, encoding="utf-8") as rows, open(out, "w", encoding="utf-8") as file:
        for row in map(json.loads, rows):
            scores = judge(collate([(row["a"], row["b"])], pieces)).softmax(-1)[0]
            row["scores"] = [round(score, 5) for score in scores.tolist()]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
