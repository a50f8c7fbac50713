"""Writes the model file that the program reads: large matrices in blocks of 32 numbers of 8 bits with a scale each."""

import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

BLOCK = 32
# Until it is calibrated a model takes a claim to be as likely right as its content.
RAW = {part: {"factor": 1.0, "offset": 0.0} for part in ("source", "cue", "content")}
RAW["claim"] = {"source": 0.0, "cue": 0.0, "content": 1.0, "offset": 0.0}
# Small tables are kept as they are.
WHOLE = ("position", "case", "quote", "place", "distance", "transitions")


def is_whole(name, tensor):
    return tensor.ndim < 2 or any(part in name for part in WHOLE)


def quantised(tensor):
    """Numbers of 8 bits and the scale of each block, in rows of the input."""
    blocks = tensor.reshape(tensor.shape[0], -1, BLOCK)
    scale = (blocks.abs().amax(2) / 127).to(torch.bfloat16)
    # A scale rounded down would push the largest number over 127.
    steps = blocks / scale.float().clamp(min=1e-30)[:, :, None]
    numbers = steps.round().clamp(-127, 127).to(torch.int8)
    return numbers.reshape(tensor.shape), scale


def restored(numbers, scale):
    blocks = numbers.float().reshape(numbers.shape[0], -1, BLOCK)
    return (blocks * scale.float()[:, :, None]).reshape(numbers.shape)


def digest_of(tensors, calibration):
    """Tells models apart."""
    digest = hashlib.sha256(json.dumps(calibration, sort_keys=True).encode())
    for name in sorted(tensors):
        digest.update(tensors[name].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:8]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="model.safetensors, as train.py saves it")
    parser.add_argument("out", type=Path)
    parser.add_argument("--calibration", type=Path, help="output of calibrate.py; without it confidences are raw")
    parser.add_argument("--version", default="1")
    options = parser.parse_args()
    tensors = {}
    for name, tensor in sorted(load_file(options.weights).items()):
        if is_whole(name, tensor):
            tensors[name] = tensor.float().contiguous()
        else:
            tensors[name], tensors[name + ".scale"] = quantised(tensor.float())
    calibration = json.loads(options.calibration.read_text()) if options.calibration else RAW
    version = f"{options.version}-{digest_of(tensors, calibration)}"
    save_file(tensors, options.out, {"calibration": json.dumps(calibration, sort_keys=True), "version": version})
    print(f"{options.out}: version {version}, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
