"""Times the encoder against ONNX Runtime: the same weights, the same windows, alternating in one run.

Needs the packages of models/training/requirements.txt. Usage:

    onrecord features CORPUS.jsonl > features.jsonl
    python3 benches/against_onnxruntime.py CORPUS.jsonl features.jsonl
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import onnxruntime
import torch

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "models" / "training"))

import data  # noqa: E402
from golden import load_model_file  # noqa: E402

INPUTS = ("ids", "case", "quote", "place", "mask")


def export(model, path):
    """The encoder as an ONNX file for windows of any length."""
    encoder = load_model_file(model).encoder
    example = tuple(torch.zeros(1, 16, dtype=torch.long) for _ in INPUTS[:4]) + (torch.ones(1, 16, dtype=torch.bool),)
    length = torch.export.Dim("length", min=3, max=192)
    shapes = tuple({1: length} for _ in INPUTS)
    torch.onnx.export(encoder, example, path, input_names=INPUTS, dynamic_shapes=shapes, dynamo=True, verbose=False)


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def windows(features):
    units, _ = data.read_units(features)
    packed, document = [], []
    for unit in units:
        if document and document[-1].document != unit.document:
            packed += data.pack(document, data.WINDOW)
            document = []
        document.append(unit)
    packed += data.pack(document, data.WINDOW)
    batches = [data.collate([window]) for window in packed]
    return [{name: getattr(batch, name).numpy() for name in INPUTS} for batch in batches]


def time_onnx(runtime, feeds):
    start = time.perf_counter()
    for feed in feeds:
        runtime.run(None, feed)
    return sum(feed["ids"].size for feed in feeds) / (time.perf_counter() - start)


def time_ours(program, model, corpus, threads):
    command = [program, "speed", "--model", str(model), "--threads", str(threads), corpus]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("features", type=Path)
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "onrecord"))
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "onrecord.safetensors")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    feeds = windows(options.features)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "encoder.onnx")
        export(options.model, path)
        for threads in (1, 2):
            runtime = session(path, threads)
            theirs, ours = [], []
            for _ in range(options.rounds):
                theirs.append(time_onnx(runtime, feeds))
                ours.append(time_ours(options.program, options.model, options.corpus, threads))
            a, b = statistics.median(theirs), statistics.median(ours)
            print(f"{threads} threads: ONNX Runtime {a:.0f} wordpieces/s, onrecord {b:.0f}, ratio {b / a:.2f}", flush=True)


if __name__ == "__main__":
    main()
