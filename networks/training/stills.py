"""The student's own stills, growing while it learns.

A still is optimised until the student finds it like its photo. Where the teacher does not, the student has a
blind spot; so these pictures are what it has most to learn from. The pool keeps a few dozen of them at work.
"""

import torch
import torch.nn.functional as F

from network import gram

GRAM_EPSILON = 1e-4
COLOUR_EPSILON = 1e-3
BETAS = (0.9, 0.99)
SETTLING = 5
WEIGHTS = (2, 4, 1, 1, 1, 1)


def octaves_of(x):
    return (x, F.avg_pool2d(x, 2))


def colour_statistics(x):
    """Mean (N x 3) and covariance (N x 3 x 3) of the pixels."""
    flat = x.flatten(2)
    mean = flat.mean(2)
    centred = flat - mean[..., None]
    return mean, centred @ centred.transpose(1, 2) / flat.shape[2]


class Stills:
    """A pool of pictures, each with its target and its own Adam moments."""

    def __init__(self, count, side, random, rate, steps, device):
        self.random, self.rate, self.steps = random, rate, steps
        self.pictures = torch.rand(count, 3, side, side, generator=random).to(device)
        self.targets = torch.zeros_like(self.pictures)
        self.first = torch.zeros_like(self.pictures)
        self.second = torch.zeros_like(self.pictures)
        self.age = torch.zeros(count, dtype=torch.long)
        self.life = torch.zeros(count, dtype=torch.long)

    def choose(self, count):
        return torch.randperm(len(self.pictures), generator=self.random)[:count]

    def restart(self, i, target):
        """Begins picture i anew for another target (3 x H x W), from noise of its colours."""
        side = target.shape[-1]

        def noise(size):
            return torch.randn(1, 3, size, size, generator=self.random).to(self.pictures.device)

        kind = float(torch.rand((), generator=self.random))
        if kind < 0.55:
            field = noise(side)
        elif kind < 0.75:
            size = (9, 18, 36)[int(torch.randint(3, (), generator=self.random))]
            field = F.interpolate(noise(size), side, mode="bicubic") + 0.2 * noise(side)
        else:
            other = self.pictures[int(torch.randint(len(self.pictures), (), generator=self.random))]
            field = F.interpolate(other[None, :, : side // 2, : side // 2], side, mode="bicubic")
            field = (field - field.mean((2, 3), keepdim=True)) / (field.std((2, 3), keepdim=True) + 0.05)
        strength = 0.3 + 0.7 * float(torch.rand((), generator=self.random))
        mean, deviation = target.mean((1, 2))[:, None, None], target.std((1, 2))[:, None, None]
        self.pictures[i] = (mean + deviation * strength * field[0]).clamp(0, 1)
        self.targets[i] = target
        self.first[i], self.second[i] = 0, 0
        self.age[i] = 0
        self.life[i] = torch.randint(16, 61, (), generator=self.random)

    def advance(self, student, chosen):
        """A few Adam steps on the chosen pictures; the loss is the engine's, with two octaves."""
        targets = self.targets[chosen]
        with torch.no_grad():
            goals = [[gram(f) for f in student(octave)] for octave in octaves_of(targets)]
        mean, covariance = colour_statistics(targets)
        trace = covariance.diagonal(dim1=1, dim2=2).sum(1)
        for step in range(1, self.steps + 1):
            x = self.pictures[chosen].requires_grad_()
            loss = 0
            for octave, goal in zip(octaves_of(x), goals, strict=True):
                for weight, features, g in zip(WEIGHTS, student(octave), goal, strict=True):
                    energy = g.square().sum((1, 2))
                    error = (gram(features) - g).square().sum((1, 2))
                    loss = loss + weight * (error / (energy + GRAM_EPSILON * energy.mean() + 1e-12)).sum() / (2 * len(goal))
            m, s = colour_statistics(x)
            loss = loss + ((m - mean).square().sum(1) / (trace + COLOUR_EPSILON)).sum()
            spread = covariance.square().sum((1, 2)) + COLOUR_EPSILON**2
            loss = loss + ((s - covariance).square().sum((1, 2)) / spread).sum()
            (slope,) = torch.autograd.grad(loss, x)
            count = (self.age[chosen] * self.steps + step).to(x)[:, None, None, None]
            self.first[chosen] = BETAS[0] * self.first[chosen] + (1 - BETAS[0]) * slope
            self.second[chosen] = BETAS[1] * self.second[chosen] + (1 - BETAS[1]) * slope.square()
            move = self.first[chosen] / (1 - BETAS[0] ** count)
            move = move / ((self.second[chosen] / (1 - BETAS[1] ** count)).sqrt() + 1e-8)
            # Slower with age: what is left of a still that jitters no more is what a film shows.
            rate = self.rate / (1 + self.age[chosen] / SETTLING)[:, None, None, None]
            self.pictures[chosen] = (x.detach() - rate * move).clamp(0, 1)
        self.age[chosen] += 1
