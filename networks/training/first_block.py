"""A first fourth block by least squares: layer by layer, what the small VGG19 has there before its ReLU.

Gradient descent from random weights learns next to nothing of a fourth block in an hour of one core; this takes a
minute, and `distil.py` can go on from it.
"""

import argparse

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from crops import Crops
from network import LAYERS, Pocket
from teachers import SmallVgg19

BLOCK = LAYERS[8:]
SIDE = 96
BATCH = 16


def padded(x):
    return F.pad(x, (1, 1, 1, 1), mode="reflect")


def rows_of(x):
    """N x C x H x W, padded, as one row of 9 C + 1 values per place (the last is 1, for the bias)."""
    rows = F.unfold(x, 3).transpose(1, 2)
    return torch.cat([rows, torch.ones_like(rows[..., :1])], 2)


class LeastSquares:
    """Sums of one layer's regression; every picture counts alike, however strong its features are."""

    def __init__(self):
        self.own = self.cross = 0

    def put(self, x, wanted):
        rows, goal = rows_of(x), wanted.flatten(2).transpose(1, 2)
        share = 1 / (F.relu(goal).square().mean((1, 2), keepdim=True) + 1e-3)
        self.own = self.own + ((rows * share).flatten(0, 1).T @ rows.flatten(0, 1)).double()
        self.cross = self.cross + ((rows * share).flatten(0, 1).T @ goal.flatten(0, 1)).double()

    def solve(self, ridge):
        own = self.own + ridge * self.own.diagonal().mean() * torch.eye(len(self.own)).double()
        return torch.linalg.solve(own, self.cross).float()


@torch.no_grad()
def fit(student, teacher, crops, options):
    random = torch.Generator().manual_seed(options.seed)
    batches = [crops.batch(BATCH, random) for _ in range(options.crops // BATCH)]
    inputs, wanted = [], []
    for x in batches:
        inputs.append(F.avg_pool2d(student(x)[3], 2))
        wanted.append(teacher.pooled_conv3(x))
    for name in BLOCK:
        conv, model = student.convs[name], teacher.convs[name]
        goals = [model(padded(x)) for x in wanted]
        # The strongest channels, where the student has fewer.
        energy = sum(F.relu(g).square().sum((0, 2, 3)) for g in goals)
        kept = energy.argsort(descending=True)[: conv.out_channels].sort().values
        # The features of all layers at about the strength of the pocket's own.
        typical = torch.cat([F.relu(g).flatten() for g in goals]).square().mean().sqrt()
        scale = options.strength / typical
        sums = LeastSquares()
        for x, goal in zip(inputs, goals, strict=True):
            sums.put(padded(x), goal[:, kept] * scale)
        solved = sums.solve(options.ridge)
        conv.weight.data = solved[:-1].T.reshape(conv.weight.shape).contiguous()
        conv.bias.data = solved[-1].contiguous()
        inputs = [F.relu(conv(padded(x))) for x in inputs]
        wanted = [F.relu(g) for g in goals]
        error = sum(((a / scale - b[:, kept]).square().sum() for a, b in zip(inputs, wanted, strict=True)))
        print(name, f"unexplained {float(error / sum(b[:, kept].square().sum() for b in wanted)):.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", nargs="+", required=True)
    parser.add_argument("--small", required=True, help="the 16-times smaller VGG19 as safetensors")
    parser.add_argument("--start", required=True, help="a pocket network with three blocks")
    parser.add_argument("--out", required=True, help="file to write")
    parser.add_argument("--crops", type=int, default=1600)
    parser.add_argument("--canvases", type=int, default=200)
    parser.add_argument("--ridge", type=float, default=1e-4)
    parser.add_argument("--strength", type=float, default=1.0, help="root mean square of each layer's features")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    student = Pocket()
    student.load_tensors(load_file(options.start))
    fit(student, SmallVgg19(options.small), Crops(options.photos, options.canvases, SIDE, options.seed), options)
    save_file({n.removeprefix("convs."): v for n, v in student.state_dict().items()}, options.out)


if __name__ == "__main__":
    main()
