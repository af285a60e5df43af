"""Writes a trained network as `pocket.safetensors` (float16, OIHW) and `pocket.json`, its description.

The moving average of the weights is what is written.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from network import LAYERS, POOL_BEHIND, multiply_adds_per_pixel

HALF_LARGEST = 65504


def tensors_of(checkpoint):
    """`<layer>.weight` and `<layer>.bias` in float16; refuses what float16 cannot hold."""
    tensors = {}
    for layer in LAYERS:
        for part in ("weight", "bias"):
            values = checkpoint["average"][f"convs.{layer}.{part}"]
            if not values.isfinite().all() or values.abs().max() > HALF_LARGEST:
                raise SystemExit(f"{layer}.{part} does not fit into float16")
            tensors[f"{layer}.{part}"] = values.half().contiguous()
    return tensors


def layers_of(widths):
    layers = []
    for layer, inputs, outputs in zip(LAYERS, (3, *widths[:-1]), widths, strict=True):
        layers.append({"kind": "conv", "name": layer, "in": inputs, "out": outputs, "kernel": 3})
        layers.append({"kind": "relu"})
        if layer in POOL_BEHIND and layer != LAYERS[-1]:
            layers.append({"kind": "pool", "method": "average"})
    return layers


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="checkpoint.pt of distil.py")
    parser.add_argument("--description", required=True, help="a pocket.json; only its layers are replaced")
    parser.add_argument("--out", required=True, help="folder for the two files")
    options = parser.parse_args()
    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    tensors = tensors_of(checkpoint)
    save_file(tensors, out / "pocket.safetensors")
    description = json.loads(Path(options.description).read_text())
    description["layers"] = layers_of(checkpoint["widths"])
    (out / "pocket.json").write_text(json.dumps(description, indent=2) + "\n")
    parameters = sum(t.numel() for t in tensors.values())
    print(f"step {checkpoint['step']}, {checkpoint['seconds'] / 60:.0f} min of training")
    cost = multiply_adds_per_pixel(checkpoint["widths"])
    print(f"{parameters} parameters, {cost:.0f} multiply-adds per pixel")


if __name__ == "__main__":
    main()
