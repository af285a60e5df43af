"""Which way the teachers would change a still, and how far the student agrees.

A film is a picture that follows the gradient of its loss, a few steps per frame. What a tap is good for is therefore
the direction of its gradient where the others have nothing more to say: on stills that the student itself has made.
Directions are compared in octaves of the spectrum, each counting alike, since the engine scales them alike.
"""

import torch

from network import channels_last, gram

FLOOR = 1e-3
# Cycles per pixel between which directions are compared.
EDGES = (0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1)


def band_masks(side):
    """Bands x side x side/2+1, for `rfft2`."""
    radius = torch.hypot(torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)[None, :])
    return torch.stack([((radius >= a) & (radius < b)).float() for a, b in zip(EDGES, EDGES[1:])])


def directions(gradients, masks):
    """N x 3 x S x S to N x bands x 3 x S x S, each band of each picture of length 1."""
    side = gradients.shape[-1]
    bands = torch.fft.irfft2(torch.fft.rfft2(gradients.float())[:, None] * masks[None, :, None], s=(side, side))
    return bands / (bands.flatten(2).norm(dim=2) + 1e-20)[:, :, None, None, None]


def relative_losses(features, goals):
    """The engine's loss of each layer: |G - G*|^2 / |G*|^2 per picture."""
    return [
        (gram(f) - g).square().sum((1, 2)) / (g.square().sum((1, 2)) + 1e-12)
        for f, g in zip(features, goals, strict=True)
    ]


def teachers_directions(teachers, stills, targets, masks):
    """Where all teachers together would go, N x bands x 3 x S x S, each band of length 1: the mean of the directions in
    which each teacher's weighted distances fall, in logs."""
    total = 0
    for teacher in teachers:
        with torch.no_grad():
            goals = [gram(f) for f in teacher(channels_last(targets))]
        x = stills.clone().requires_grad_(True)
        losses = relative_losses(teacher(channels_last(x)), goals)
        loss = sum(w * (each + FLOOR).log().sum() for (_, _, w), each in zip(teacher.sights, losses, strict=True))
        (slope,) = torch.autograd.grad(loss, x)
        total = total + teacher.share * directions(slope, masks)
    return total / (total.flatten(2).norm(dim=2) + 1e-20)[:, :, None, None, None]


def disagreement(see, weights, stills, targets, wanted, masks):
    """One minus the cosine between the student's direction and the teachers', mean over bands and pictures.

    @param see from pictures to the student's taps, `weights` those of the engine's loss
    """
    goals = [gram(f) for f in see(channels_last(targets))]
    x = channels_last(stills).clone().requires_grad_(True)
    losses = relative_losses(see(x), goals)
    loss = sum(w * each.sum() for w, each in zip(weights, losses, strict=True))
    (slope,) = torch.autograd.grad(loss, x, create_graph=True)
    cosines = (directions(slope, masks) * wanted).flatten(2).sum(2)
    return 1 - cosines.mean(), cosines.mean(0)
