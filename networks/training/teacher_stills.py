"""Stills of the teacher, made once, as pictures to learn from.

With its own stills the student learns what it does not see. With the teacher's it learns what it should not
see: where the teacher is content and the student is not, every step of a still goes into that difference.
"""

import argparse
import os
import time

import torch

from crops import Crops
from network import Teacher
from stills import Stills

SIDE = 72
BATCH = 12
# Steps after which each still is kept: nearly noise at first, nearly done at last.
KEPT = (16, 32, 64, 112)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", required=True)
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--out", required=True, help="file to write; it grows while this runs")
    parser.add_argument("--count", type=int, default=300, help="stills, each kept at four ages")
    parser.add_argument("--canvases", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(1)
    random = torch.Generator().manual_seed(options.seed)
    device = torch.device(options.device)
    teacher = Teacher(options.teacher).to(device, torch.bfloat16).to(memory_format=torch.channels_last)
    crops = Crops(options.photos, options.canvases, SIDE, options.seed)
    pictures, targets = [], []
    began = time.monotonic()
    for start in range(0, options.count, BATCH):
        batch = crops.batch(BATCH, random).to(device)
        stills = Stills(BATCH, SIDE, random, rate=0.03, steps=16, device=device)
        for i, target in enumerate(batch):
            stills.restart(i, target)
        everyone = torch.arange(BATCH)
        for age in range(16, KEPT[-1] + 1, 16):
            stills.advance(teacher, everyone)
            if age in KEPT:
                pictures.append(stills.pictures.half().cpu())
                targets.append(batch.half().cpu())
        partial = f"{options.out}.part"
        torch.save({"pictures": torch.cat(pictures), "targets": torch.cat(targets)}, partial)
        os.replace(partial, options.out)
        print(f"{start + BATCH} stills in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
