"""What the teacher sees in the crops, and how near the student's features come to it."""

import torch
import torch.nn.functional as F

from network import TAPS

ENERGY_FLOOR = 0.02


def channels_last(x):
    return x.contiguous(memory_format=torch.channels_last)


def concatenate(*parts):
    """Joins pairs of features and Gram matrices, picture by picture, in this order."""
    features, grams = zip(*parts, strict=True)
    joined = [channels_last(torch.cat(tap)) for tap in zip(*features, strict=True)]
    return joined, [torch.cat(tap) for tap in zip(*grams, strict=True)]


class Replay:
    """Crops with the teacher's features and Gram matrices, so that most of a batch costs it nothing."""

    def __init__(self, crops, see, count, random, device):
        self.crops, self.see, self.random, self.device = crops, see, random, device
        self.pictures = self.features = self.grams = None
        self.next = 0
        for start in range(0, count, 16):
            self.put(min(16, count - start), count)

    def put(self, count, capacity):
        """Adds crops, in place of the oldest where the buffer is full; returns their indices."""
        x = self.crops.batch(count, self.random).to(self.device)
        features, grams = self.see(x)
        if self.pictures is None:
            self.pictures = x.new_empty(capacity, *x.shape[1:])
            self.features = [channels_last(f.new_empty(capacity, *f.shape[1:])) for f in features]
            self.grams = [g.new_empty(capacity, *g.shape[1:]) for g in grams]
        at = (self.next + torch.arange(count)) % capacity
        self.next = (self.next + count) % capacity
        stores = (self.pictures, *self.features, *self.grams)
        for store, values in zip(stores, (x, *features, *grams), strict=True):
            store[at] = values
        return at

    def at(self, indices):
        """Features and Gram matrices of the crops at these indices, copied."""
        return [f[indices] for f in self.features], [g[indices] for g in self.grams]

    def some(self, count):
        return torch.randint(len(self.pictures), (count,), generator=self.random)


class Scales:
    """What each tap of the teacher is measured in: the standard deviation of every channel (not below 5 % of
    the median one), and the energy of a typical picture, normalised and raw."""

    def __init__(self, features):
        flat = [f.float().transpose(0, 1).flatten(1) for f in features]
        deviations = [f.std(1) for f in flat]
        self.deviations = [d.clamp(min=0.05 * d.median().item()) for d in deviations]
        self.raw = [f.square().mean(1).sum() for f in flat]
        pairs = zip(flat, self.deviations, strict=True)
        self.normalised = [(f.square().mean(1) / d.square()).sum() for f, d in pairs]

    def normalise(self, features):
        pairs = zip(features, self.deviations, strict=True)
        return [(f.float() / d.view(-1, 1, 1)).to(f.dtype) for f, d in pairs]

    def residuals(self, predicted, wanted, grams):
        """Per tap, of normalised features: the squared error over the picture's energy, with every channel
        counting alike, and in raw units. Gram matrices are in raw units: there the strong channels count. A
        weak picture counts as much as a strong one, since Gram distances are relative to the picture."""
        normalised, raw = [], []
        for tap, (p, t, g) in enumerate(zip(predicted, wanted, grams, strict=True)):
            error = ChannelError.apply(p, t)
            power = self.deviations[tap].square()
            energy = g.diagonal(dim1=1, dim2=2)
            typical = ENERGY_FLOOR * self.normalised[tap]
            normalised.append((error.sum(1) / ((energy / power).sum(1) + typical)).mean())
            raw.append(((error * power).sum(1) / (energy.sum(1) + ENERGY_FLOOR * self.raw[tap])).mean())
        return torch.stack(normalised), torch.stack(raw)


class ChannelError(torch.autograd.Function):
    """Mean squared difference per picture and channel; in bfloat16 but for the sums, which halves its
    time."""

    @staticmethod
    def forward(ctx, predicted, wanted):
        difference = predicted - wanted
        ctx.save_for_backward(difference)
        return (difference * difference).sum((2, 3), dtype=torch.float32) / difference[0, 0].numel()

    @staticmethod
    def backward(ctx, slope):
        (difference,) = ctx.saved_tensors
        factor = slope * (2 / difference[0, 0].numel())
        return difference * factor[:, :, None, None].to(difference.dtype), None


class Heads:
    """One linear map per tap, from the student's features to the teacher's normalised ones.

    Not learnt but solved: least squares over the last few dozen batches, as the features drift. A learnt head
    lags behind the features and passes on a gradient for a head's fault. No bias: so the teacher's Gram
    matrix is W G W^T of the student's, and nothing the teacher sees may be missing there.
    """

    def __init__(self, scales, decay=0.95, ridge=1e-5):
        self.scales, self.decay, self.ridge = scales, decay, ridge
        self.own = [0.0] * len(TAPS)
        self.cross = [0.0] * len(TAPS)

    @torch.no_grad()
    def solve(self, taps, grams, wanted, wanted_grams):
        weights = []
        for tap, (s, g, t, tg) in enumerate(zip(taps, grams, wanted, wanted_grams, strict=True)):
            energy = tg.diagonal(dim1=1, dim2=2).sum(1)
            share = 1 / (energy + ENERGY_FLOOR * self.scales.raw[tap])
            share = share / share.sum()
            rows = s.permute(0, 2, 3, 1).flatten(1, 2).float() * share[:, None, None]
            goal = t.permute(0, 2, 3, 1).flatten(0, 2).float()
            cross = goal.T @ rows.flatten(0, 1) / (s.shape[2] * s.shape[3])
            own = (g * share[:, None, None]).sum(0)
            self.own[tap] = self.decay * self.own[tap] + own
            self.cross[tap] = self.decay * self.cross[tap] + cross
            a = self.own[tap]
            a = a + self.ridge * a.diagonal().mean() * torch.eye(len(a), device=a.device)
            weights.append(torch.linalg.solve(a, self.cross[tap].T).T)
        return weights


def apply_heads(weights, taps):
    return [F.conv2d(s, w.to(s.dtype)[:, :, None, None]) for w, s in zip(weights, taps, strict=True)]
