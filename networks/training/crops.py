"""Random crops of photos and canvases, strongly varied, as batches of RGB from 0 to 1."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from canvases import draw_canvases

HELD_OUT = ("chelsea", "gravel")
CANVAS_SIDE = 384
CANVAS_SHARE = 0.5
SCALES = (0.3, 2.5)


def load_photos(folders):
    """Every photo in the folders but those held out for judging."""
    paths = sorted(p for folder in folders for p in Path(folder).iterdir())
    paths = [p for p in paths if p.suffix.lower() in (".png", ".jpg", ".jpeg")]
    return {p.stem: Image.open(p).convert("RGB") for p in paths if p.stem not in HELD_OUT}


def pyramid(array, least=64):
    """A picture and its halvings (each the 2x2 mean), as uint8 3 x H x W."""
    level = torch.from_numpy(np.array(array)).permute(2, 0, 1)
    levels = [level]
    while min(level.shape[1:]) >= 2 * least:
        level = F.avg_pool2d(level[None].float(), 2)[0].round().to(torch.uint8)
        levels.append(level)
    return levels


class Crops:
    """Draws crops: half from photos (the detailed ones more often), half from canvases."""

    def __init__(self, photos, canvas_count, side, seed):
        self.side = side
        images = load_photos(photos)
        self.photos = [pyramid(image) for image in images.values()]
        grey = [np.asarray(image.convert("L").resize((256, 256)), float) for image in images.values()]
        detail = [np.abs(np.diff(g, axis=0)).mean() + np.abs(np.diff(g, axis=1)).mean() + 2 for g in grey]
        self.photo_weights = torch.tensor(detail) / sum(detail)
        canvases = draw_canvases(canvas_count, CANVAS_SIDE, seed, list(images.values()))
        self.canvases = [pyramid(canvas) for canvas in canvases]

    def batch(self, count, random):
        """N x 3 x side x side; `random` is a torch generator."""
        return vary(torch.stack([self.one(random) for _ in range(count)]), random)

    def siblings(self, count, random):
        """Pairs from one source each, alike in scale, angle and colours, from two places: two stacks."""
        pairs = []
        for _ in range(count):
            state = random.get_state()
            first = self.one(random)
            random.set_state(state)
            pairs.append(torch.cat([first, self.one(random, elsewhere=True)], 2))
        return vary(torch.stack(pairs), random).split(self.side, 3)

    def one(self, random, elsewhere=False):
        """One crop: turned by any angle, scaled from 0.3 to 2.5, mirrored or not."""
        if torch.rand((), generator=random) < CANVAS_SHARE:
            levels = self.canvases[torch.randint(len(self.canvases), (), generator=random)]
        else:
            levels = self.photos[torch.multinomial(self.photo_weights, 1, generator=random)]
        u = torch.rand(6, generator=random).tolist()
        if elsewhere:
            u[2:5] = torch.rand(3, generator=random).tolist()
        scale = math.exp(math.log(SCALES[0]) + u[0] * math.log(SCALES[1] / SCALES[0]))
        level = min(len(levels) - 1, max(0, round(math.log2(1 / scale) - 0.25)))
        source = levels[level]
        step = 1 / (scale * 2**level)
        if u[5] < 0.45:
            angle = 2 * math.pi * u[1]
        else:
            angle = math.pi / 2 * int(4 * u[1])
        if u[5] > 0.65:
            # As sharp as a photo that was made small: one pixel of a level for each of the crop.
            level, step = min(len(levels) - 1, int(3 * u[0])), 1.0
            source = levels[level]
        mirror = -1 if u[2] < 0.5 else 1
        h, w = source.shape[1:]
        reach = step * self.side / 2 * (abs(math.cos(angle)) + abs(math.sin(angle)))
        cx = w / 2 + (2 * u[3] - 1) * max(0.0, w / 2 - reach)
        cy = h / 2 + (2 * u[4] - 1) * max(0.0, h / 2 - reach)
        if u[5] > 0.65:
            cx, cy = round(cx), round(cy)
        x0, x1 = max(0, int(cx - reach - 2)), min(w, int(cx + reach + 3))
        y0, y1 = max(0, int(cy - reach - 2)), min(h, int(cy + reach + 3))
        window = source[None, :, y0:y1, x0:x1].float() / 255
        at = (torch.arange(self.side) - (self.side - 1) / 2) * step
        dy, dx = torch.meshgrid(at, at * mirror, indexing="ij")
        x = cx + dx * math.cos(angle) - dy * math.sin(angle) - x0
        y = cy + dx * math.sin(angle) + dy * math.cos(angle) - y0
        grid = torch.stack([2 * x / (x1 - x0) - 1, 2 * y / (y1 - y0) - 1], -1)[None]
        return F.grid_sample(window, grid, padding_mode="reflection", align_corners=False)[0]


def vary(x, random):
    """Colours mixed, bent, brightened or taken away; sometimes blurred, sometimes noisy."""
    n = len(x)

    def uniform(*shape):
        return torch.rand(*shape, generator=random)

    def normal(*shape):
        return torch.randn(*shape, generator=random)

    def some(share):
        return (uniform(n, 1, 1, 1) < share).float()

    mix = torch.eye(3) + 0.3 * normal(n, 3, 3) * some(0.6)[:, 0]
    mix = mix / mix.sum(2, keepdim=True).clamp(min=0.5)
    mixed = torch.einsum("nij,njhw->nihw", mix, x)
    order = torch.stack([torch.randperm(3, generator=random) for _ in range(n)])
    permuted = mixed.gather(1, order[:, :, None, None].expand_as(mixed))
    x = mixed + (permuted - mixed) * some(0.3)
    x = x + (x.mean(1, keepdim=True) - x) * some(0.3)
    x = x + (1 - 2 * x) * some(0.08)
    x = x.clamp(0, 1) ** torch.exp(0.35 * normal(n, 1, 1, 1))
    gain = torch.exp(0.3 * normal(n, 3, 1, 1) * some(0.3) + 0.35 * normal(n, 1, 1, 1))
    middle = x.mean((1, 2, 3), keepdim=True)
    x = middle + (x - middle) * gain + 0.1 * normal(n, 1, 1, 1)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
    x = x + (blurred - x) * some(0.12) * uniform(n, 1, 1, 1)
    x = x + some(0.3) * 0.15 * uniform(n, 1, 1, 1) ** 2 * normal(*x.shape)
    return x.clamp(0, 1)
