"""The networks that the pocket network learns from. All take RGB from 0 to 1 and return a list of features.

Each has `sights`: of each of these its name, the pocket's tap that shall see the same (none: only its gradient counts)
and its weight in the teacher's loss; and a `share`, what the teacher's direction counts among those of all.
"""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from network import POOL_BEHIND, Chain

MEAN_BGR = (103.939, 116.779, 123.68)
BLOCKS = (2, 2, 4, 4, 4)


def vgg19_layers(last):
    """The names of VGG19's convolutions, up to `last`."""
    names = [f"conv{block + 1}_{i + 1}" for block, count in enumerate(BLOCKS) for i in range(count)]
    return tuple(names[: names.index(last) + 1])


class Vgg19(Chain):
    """VGG19 up to conv3_4."""

    share = 0.5
    sights = (
        ("vgg19 conv1_1", None, 1.0), ("vgg19 conv2_1", None, 1.0),
        ("vgg19 conv3_1", "conv3_1", 1.0), ("vgg19 conv3_4", "conv3_4", 1.0),
    )

    def __init__(self, path):
        taps = ("conv1_1", "conv2_1", "conv3_1", "conv3_4")
        super().__init__(vgg19_layers("conv3_4"), (64, 64, 128, 128, 256, 256, 256, 256), taps)
        self.load_tensors(load_file(path))
        self.requires_grad_(False)
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1))

    def forward(self, x):
        x = x.flip(1) * 255 - self.mean.float()
        return super().forward(x.to(self.convs["conv1_1"].weight.dtype))


class SmallVgg19(Chain):
    """The 16-times smaller VGG19 (Wang et al., "Collaborative Distillation", 2020) up to conv5_1."""

    share = 0.5
    sights = (("small conv4_1", "conv4_1", 1.0), ("small conv4_4", "conv4_4", 1.0), ("small conv5_1", "conv4_4", 1.0))

    def __init__(self, path):
        widths = (16, 16, 32, 32, 64, 64, 64, 64, 128, 128, 128, 128, 128)
        super().__init__(vgg19_layers("conv5_1"), widths, ("conv4_1", "conv4_4", "conv5_1"))
        tensors = load_file(path)
        self.load_tensors(tensors)
        self.colours = nn.Conv2d(3, 3, 1)
        self.colours.weight.data, self.colours.bias.data = tensors["conv0.weight"], tensors["conv0.bias"]
        self.requires_grad_(False)

    def forward(self, x):
        return super().forward(self.coloured(x))

    def coloured(self, x):
        """As BGR from 0 to 255 less the mean."""
        weight, bias = self.colours.weight.float(), self.colours.bias.float()
        return F.conv2d(x, weight, bias).to(self.colours.weight.dtype)

    def pooled_conv3(self, x):
        """What its fourth block gets."""
        x = self.coloured(x)
        for name in list(self.convs)[:8]:
            x = F.relu(self.convs[name](F.pad(x, (1, 1, 1, 1), mode="reflect")))
            if name in POOL_BEHIND:
                x = F.avg_pool2d(x, 2)
        return x


class Inception(nn.Module):
    """Inception-v3 (Szegedy et al., 2016; batch norm folded in) up to mixed_4.

    Borders are reflected where the original has zeros or shrinks, and the stem is padded so that its cells lie
    where those of three 2x2 poolings do.
    """

    share = 1.0
    sights = (
        ("inception mixed", "conv4_1", 1.0), ("inception mixed_2", "conv4_4", 1.0), ("inception mixed_4", "conv4_4", 1.0),
    )

    def __init__(self, path):
        super().__init__()
        for name, values in load_file(path).items():
            if not name.startswith(("mixed_5", "mixed_6", "mixed_7")):
                self.register_buffer(name.replace(".", "|"), values.float())

    def conv(self, name, x, stride=1, pad=None):
        weight, bias = getattr(self, f"{name}|weight"), getattr(self, f"{name}|bias")
        h, w = weight.shape[2] // 2, weight.shape[3] // 2
        pad = (w, w, h, h) if pad is None else pad
        if any(pad):
            # A map of three cells cannot be mirrored by three.
            x = F.pad(x, pad, mode="reflect" if min(x.shape[2:]) > max(pad) else "replicate")
        return F.relu(F.conv2d(x, weight, bias, stride))

    def tower(self, name, x):
        """A chain of convolutions: `name`, `name`_1 and so on."""
        x = self.conv(name, x)
        i = 1
        while hasattr(self, f"{name}_{i}|weight"):
            x = self.conv(f"{name}_{i}", x)
            i += 1
        return x

    def mixed(self, name, x):
        pooled = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
        towers = [self.tower(f"{name}_{tower}_conv", x) for tower in ("tower", "tower_1")]
        return torch.cat([self.conv(f"{name}_conv", x), *towers, self.conv(f"{name}_tower_2_conv", pooled)], 1)

    def halve(self, name, x):
        pad = (1, 1, 1, 1)
        tower = self.conv(f"{name}_tower_conv_1", self.conv(f"{name}_tower_conv", x))
        tower = self.conv(f"{name}_tower_conv_2", tower, 2, pad)
        pooled = F.max_pool2d(F.pad(x, pad, mode="reflect"), 3, 2)
        return torch.cat([self.conv(f"{name}_conv", x, 2, pad), tower, pooled], 1)

    def forward(self, x):
        x = (2 * x - 1).to(getattr(self, "conv|weight").dtype)
        x = self.conv("conv", x, 2, (1, 1, 1, 1))
        x = self.conv("conv_2", self.conv("conv_1", x))
        x = F.max_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 2)
        x = self.conv("conv_4", self.conv("conv_3", x))
        x = F.max_pool2d(F.pad(x, (0, 2, 0, 2), mode="reflect"), 3, 2)
        first = self.mixed("mixed", x)
        third = self.mixed("mixed_2", self.mixed("mixed_1", first))
        return [first, third, self.mixed("mixed_4", self.halve("mixed_3", third))]
