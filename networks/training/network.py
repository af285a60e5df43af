"""The pocket network, its teacher, and what the two are compared by."""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

LAYERS = ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4")
TAPS = ("conv1_1", "conv2_1", "conv3_1", "conv3_4")
POOL_BEHIND = ("conv1_2", "conv2_2")
TEACHER_WIDTHS = (64, 64, 128, 128, 256, 256, 256, 256)
TEACHER_MEAN_BGR = (103.939, 116.779, 123.68)


class Chain(nn.Module):
    """3x3 convolutions with reflect padding and ReLU, 2x2 average pooling behind blocks 1 and 2.

    Takes N x 3 x H x W; returns the features behind the ReLU of each tap.
    """

    def __init__(self, widths):
        super().__init__()
        inputs = (3, *widths[:-1])
        self.convs = nn.ModuleDict(
            {name: nn.Conv2d(i, o, 3) for name, i, o in zip(LAYERS, inputs, widths, strict=True)}
        )

    def forward(self, x):
        taps = []
        for name, conv in self.convs.items():
            x = F.relu(conv(F.pad(x, (1, 1, 1, 1), mode="reflect")))
            if name in TAPS:
                taps.append(x)
            if name in POOL_BEHIND:
                x = F.avg_pool2d(x, 2)
        return taps


    def load_tensors(self, tensors):
        """Takes `<layer>.weight` (OIHW) and `<layer>.bias`."""
        for name, conv in self.convs.items():
            conv.weight.data = tensors[f"{name}.weight"].float()
            conv.bias.data = tensors[f"{name}.bias"].float()


class Pocket(Chain):
    """The student. Takes RGB from 0 to 1."""

    def __init__(self, widths):
        super().__init__(widths)
        self.widths = tuple(widths)
        for conv in self.convs.values():
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            nn.init.zeros_(conv.bias)

    def forward(self, x):
        return super().forward((x - 0.45) * 4)


class Teacher(Chain):
    """VGG19, conv1_1 to conv3_4, from a safetensors file. Takes RGB from 0 to 1."""

    def __init__(self, path):
        super().__init__(TEACHER_WIDTHS)
        self.load_tensors(load_file(path))
        self.requires_grad_(False)
        self.register_buffer("mean", torch.tensor(TEACHER_MEAN_BGR).view(1, 3, 1, 1))

    def forward(self, x):
        x = x.flip(1) * 255 - self.mean.float()
        return super().forward(x.to(self.convs["conv1_1"].weight.dtype))


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
    """Multiply-adds per pixel of the picture, all eight layers."""
    area = (1, 1, 4, 4, 16, 16, 16, 16)
    inputs = (3, *widths[:-1])
    return sum(9 * i * o / a for i, o, a in zip(inputs, widths, area, strict=True))
