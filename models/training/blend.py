"""Blends the weights of two networks, which keeps what the first could do and much of what the second learnt.

Robust fine-tuning (Wortsman et al. 2022): the mean of the weights before and after is better at the old task than those after.
"""

import argparse
from pathlib import Path

from safetensors.torch import load_file, save_file

from golden import stored_tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, help="a model file, output of export.py")
    parser.add_argument("after", type=Path, help="network.safetensors, as train_joint.py saves it")
    parser.add_argument("out", type=Path, help="network.safetensors")
    parser.add_argument("--share", type=float, default=0.3, help="how much of the second")
    options = parser.parse_args()
    before, after = stored_tensors(options.before), load_file(options.after)
    blended = {name: before[name].float() + options.share * (own.float() - before[name].float()) for name, own in after.items()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in blended.items()}, options.out)


if __name__ == "__main__":
    main()
