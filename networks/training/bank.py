"""Pictures with what the teachers see in them, so that a picture is looked at once and used many times."""

import torch
import torch.nn.functional as F

from network import TAPS, channels_last, gram, relative_distance

# Normalised features are clipped here: some of Inception's channels are silent but for rare, huge values.
CLIP = 6.0
# Channels of a Gram matrix: the strongest principal components, which hold nearly all of what it measures.
COMPONENTS = 128
GRAM_FLOOR = 5e-3


class Sight:
    """One layer of a teacher: the units of its channels, and its strongest components.

    @param features of a sample, N x C x H x W
    @param tap which of the student's taps shall see the same
    """

    def __init__(self, name, tap, features):
        self.name, self.tap = name, tap
        rows = features.float().permute(1, 0, 2, 3).flatten(1)
        deviation = rows.std(1)
        self.deviation = deviation.clamp(min=0.05 * deviation.median().item() + 1e-6).view(-1, 1, 1)
        _, vectors = torch.linalg.eigh(rows @ rows.T / rows.shape[1])
        self.components = vectors[:, -COMPONENTS:]

    def normalise(self, features):
        return (features.float() / self.deviation).clamp(max=CLIP).to(features.dtype)

    def gram(self, features):
        return gram(torch.einsum("nchw,cd->ndhw", features.float(), self.components))


class Panel:
    """The teachers, side by side."""

    def __init__(self, teachers, sample):
        self.teachers = teachers
        names = [sight for teacher in teachers for sight in teacher.sights if sight[1]]
        features = self.features(sample)
        self.sights = [Sight(n, TAPS.index(tap), f) for (n, tap, _), f in zip(names, features, strict=True)]

    def features(self, x):
        x = channels_last(x)
        pairs = ((f, s) for t in self.teachers for f, s in zip(t(x), t.sights, strict=True))
        return [features for features, sight in pairs if sight[1]]

    def see(self, x):
        """The teachers' normalised features and their Gram matrices, a list each."""
        pairs = list(zip(self.sights, self.features(x), strict=True))
        return [s.normalise(f) for s, f in pairs], [s.gram(f) for s, f in pairs]


class Bank:
    """A ring of pictures with all that a step needs to know of them, in bfloat16."""

    def __init__(self, capacity, panel):
        self.capacity, self.panel = capacity, panel
        self.stores, self.next, self.count = None, 0, 0

    @torch.no_grad()
    def put(self, x):
        """Adds pictures (N x 3 x H x W) in place of the oldest; returns their indices."""
        features, grams = self.panel.see(x)
        values = (x, *features, *grams)
        if self.stores is None:
            self.stores = [v.new_empty(self.capacity, *v.shape[1:], dtype=torch.bfloat16) for v in values]
        at = (self.next + torch.arange(len(x))) % self.capacity
        self.next = (self.next + len(x)) % self.capacity
        self.count = min(self.capacity, self.count + len(x))
        for store, value in zip(self.stores, values, strict=True):
            store[at] = value.to(torch.bfloat16)
        return at

    def at(self, indices):
        """The pictures, the teachers' features, and their Gram matrices (float32), of these pictures."""
        sights = len(self.panel.sights)
        own = [store[indices] for store in self.stores]
        return own[0].float(), own[1 : 1 + sights], [g.float() for g in own[1 + sights :]]

    def pictures(self, indices):
        return self.stores[0][indices].float()

    def some(self, count, random):
        return torch.randint(self.count, (count,), generator=random)


def joined(*parts):
    """Several results of `Bank.at` as one."""
    inputs, features, grams = zip(*parts, strict=True)
    return (
        torch.cat(inputs),
        [torch.cat(sight) for sight in zip(*features, strict=True)],
        [torch.cat(sight) for sight in zip(*grams, strict=True)],
    )


class Heads:
    """One linear map per sight, from a tap's features to the teacher's normalised ones, solved by least squares
    over the last few dozen batches: learnt maps lag behind the features."""

    def __init__(self, sights, decay=0.97, ridge=1e-4):
        self.sights, self.decay, self.ridge = sights, decay, ridge
        self.own, self.cross = [0.0] * len(sights), [0.0] * len(sights)

    @torch.no_grad()
    def solve(self, features, wanted):
        weights = []
        for i, (s, t) in enumerate(zip(features, wanted, strict=True)):
            share = 1 / (energy_of(t) + 1e-3)
            share = share / share.sum()
            rows = s.permute(0, 2, 3, 1).flatten(1, 2).float()
            weighted = (rows * (share[:, None, None] / rows.shape[1])).flatten(0, 1)
            self.own[i] = self.decay * self.own[i] + weighted.T @ rows.flatten(0, 1)
            goal = t.permute(0, 2, 3, 1).flatten(0, 2).float()
            self.cross[i] = self.decay * self.cross[i] + goal.T @ weighted
            a = self.own[i]
            a = a + self.ridge * a.diagonal().mean() * torch.eye(len(a))
            weights.append(torch.linalg.solve(a, self.cross[i].T).T)
        return weights


def energy_of(features):
    """Sum over channels of the mean square, per picture."""
    return features.float().square().mean((2, 3)).sum(1)


def fit(taps, sights, wanted):
    """The taps' features, one for each sight, as large as what is wanted there."""
    chosen = [taps[sight.tap] for sight in sights]
    return [
        own if own.shape[2:] == goal.shape[2:] else F.avg_pool2d(own, own.shape[2] // goal.shape[2])
        for own, goal in zip(chosen, wanted, strict=True)
    ]


def residuals(heads, features, wanted):
    """Per sight: the squared error over the picture's energy, of normalised features."""
    terms = []
    for weight, own, goal in zip(heads, features, wanted, strict=True):
        error = F.conv2d(own.float(), weight[:, :, None, None]) - goal.float()
        terms.append((energy_of(error) / (energy_of(goal) + 1e-3)).mean())
    return torch.stack(terms)


def gram_terms(taps, sights, grams, a, b):
    """Per tap: how far its relative Gram distances between the pictures `a` and `b` are from the teachers' (the
    mean of their logs), in logs; beyond a factor e it counts linearly."""
    logs = [(relative_distance(g[a], g[b]) + GRAM_FLOOR).log() for g in grams]
    terms = []
    for tap, features in enumerate(taps):
        goals = [log for log, sight in zip(logs, sights, strict=True) if sight.tap == tap]
        if not goals:
            continue
        goal = torch.stack(goals).mean(0)
        own = gram(features)
        terms.append(F.smooth_l1_loss((relative_distance(own[a], own[b]) + GRAM_FLOOR).log(), goal))
    return torch.stack(terms)
