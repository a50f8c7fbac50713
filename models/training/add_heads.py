"""Adds heads, of who is who or of what claims mean, to a model file, whose other entries stay as they are."""

import argparse
import json
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file, save_file

from export import digest_of, quantised

# Small tables are kept as they are.
WHOLE = ("features", "parts", "score", "nobody", "bias", "norm")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="output of export.py")
    parser.add_argument("name", choices=("who", "meaning"))
    parser.add_argument("heads", type=Path, help="who.safetensors of train_joint.py, or the output of train_meaning.py")
    parser.add_argument("out", type=Path)
    parser.add_argument("--acceptance", type=Path, help="output of calibrate_meaning.py")
    parser.add_argument("--version", default="2")
    options = parser.parse_args()
    with safe_open(options.model, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys() if not name.startswith(options.name + ".")}
    for name, tensor in load_file(options.heads).items():
        name = f"{options.name}.{name}"
        if any(part in name for part in WHOLE):
            tensors[name] = tensor.float().contiguous()
        else:
            tensors[name], tensors[name + ".scale"] = quantised(tensor.float())
    if options.acceptance:
        metadata["acceptance"] = json.dumps(json.loads(options.acceptance.read_text()))
    metadata["version"] = f"{options.version}-{digest_of(tensors, {**json.loads(metadata['calibration']), 'acceptance': metadata.get('acceptance')})}"
    save_file(tensors, options.out, metadata)
    print(f"{options.out}: version {metadata['version']}, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
