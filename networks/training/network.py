"""The pocket network, and what pictures and networks are compared by."""

import torch
import torch.nn.functional as F
from torch import nn

LAYERS = (
    "conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4",
    "conv4_1", "conv4_2", "conv4_3", "conv4_4",
)
TAPS = ("conv1_1", "conv2_1", "conv3_1", "conv3_4", "conv4_1", "conv4_4")
POOL_BEHIND = ("conv1_2", "conv2_2", "conv3_4", "conv4_4")
WIDTHS = (32, 16, 64, 48, 96, 80, 80, 128, 96, 96, 96, 96)


class Chain(nn.Module):
    """3x3 convolutions with reflect padding and ReLU, 2x2 average pooling behind some of them.

    Takes N x 3 x H x W; returns the features behind the ReLU of each tap.
    """

    def __init__(self, layers, widths, taps):
        super().__init__()
        self.taps = taps
        inputs = (3, *widths[:-1])
        self.convs = nn.ModuleDict(
            {name: nn.Conv2d(i, o, 3) for name, i, o in zip(layers, inputs, widths, strict=True)}
        )

    def forward(self, x):
        taps = []
        for name, conv in self.convs.items():
            x = F.relu(conv(F.pad(x, (1, 1, 1, 1), mode="reflect")))
            if name in self.taps:
                taps.append(x)
            if name in POOL_BEHIND:
                x = F.avg_pool2d(x, 2)
        return taps

    def load_tensors(self, tensors):
        """Takes `<layer>.weight` (OIHW) and `<layer>.bias`; layers that are not among them stay as they are."""
        for name, conv in self.convs.items():
            if f"{name}.weight" in tensors:
                conv.weight.data = tensors[f"{name}.weight"].float()
                conv.bias.data = tensors[f"{name}.bias"].float()


class Pocket(Chain):
    """The student. Takes RGB from 0 to 1."""

    def __init__(self, widths=WIDTHS):
        super().__init__(LAYERS[: len(widths)], widths, TAPS)
        self.widths = tuple(widths)
        for conv in self.convs.values():
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            nn.init.zeros_(conv.bias)

    def forward(self, x):
        return super().forward((x - 0.45) * 4)


def channels_last(x):
    return x.contiguous(memory_format=torch.channels_last)


def gram(features):
    """Gram matrix per picture: N x C x H x W to N x C x C, divided by H W, in float32."""
    n, c, h, w = features.shape
    rows = features.permute(0, 2, 3, 1).reshape(n, h * w, c).float()
    return rows.transpose(1, 2) @ rows / (h * w)


def relative_distance(a, b):
    """|A - B|^2 / (|A|^2 + |B|^2) per picture of two stacks of Gram matrices, with |A-B|^2 from 0 to 2."""
    difference = (a - b).square().sum((1, 2))
    return difference / (a.square().sum((1, 2)) + b.square().sum((1, 2)) + 1e-12)


def multiply_adds_per_pixel(widths):
    """Multiply-adds per pixel of the picture, all layers."""
    total, area = 0, 1
    for name, inputs, outputs in zip(LAYERS, (3, *widths[:-1]), widths, strict=True):
        total += 9 * inputs * outputs / area
        area *= 4 if name in POOL_BEHIND else 1
    return total
