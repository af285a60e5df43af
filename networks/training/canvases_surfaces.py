"""Canvases of surfaces: fur, stones, cells, heaped shapes, leaves, bark, grain, stripes, flat areas."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from drawing import (
    coloured,
    draw_blob,
    draw_eye,
    grid,
    noise,
    palette,
    relief,
    sample,
    stroke,
    to_array,
    to_image,
)


def grating(rng, side):
    """Stripes, straight or warped, soft or sharp."""
    x, y = grid(side)
    angle, period = rng.uniform(0, np.pi), np.exp(rng.uniform(np.log(3), np.log(48)))
    warp = (noise(rng, side, 1.8) - 0.5) * rng.choice([0, 20, 90])
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle) + warp) / period + rng.uniform(0, 6))
    field = 0.5 + 0.35 * np.clip(wave * np.exp(rng.uniform(-0.5, 2.5)), -1, 1)
    return coloured(rng, field, int(rng.integers(2, 5)))


def smooth(rng, side):
    """Gradients, soft hills and flat areas, as skies, cloths and walls have them."""
    x, y = grid(side)
    angle = rng.uniform(0, 2 * np.pi)
    field = 0.5 + (x * np.cos(angle) + y * np.sin(angle)) / side * rng.uniform(0, 0.7)
    field = field + (noise(rng, side, rng.uniform(2.2, 3)) - 0.5) * rng.uniform(0, 1)
    picture = coloured(rng, np.clip(field, 0, 1), 3)
    image = to_image(picture)
    for _ in range(rng.integers(0, 7)):
        draw_blob(rng, image, rng.uniform(20, 140), to_image(np.broadcast_to(palette(rng, 1)[0], (1, 1, 3))))
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 6)))
    return to_array(image)


def fill_bank(rng, side, photos):
    """What shapes are filled with: noise, stripes, gradients and patches of photos."""
    bank = []
    for _ in range(5):
        kind = rng.random()
        if kind < 0.3:
            bank.append(to_image(coloured(rng, noise(rng, side))))
        elif kind < 0.45:
            bank.append(to_image(grating(rng, side)))
        elif kind < 0.7:
            angle = rng.uniform(0, 6.28)
            x, y = grid(64)
            ramp = 0.5 + ((x - 32) * np.cos(angle) + (y - 32) * np.sin(angle)) / 100
            bank.append(to_image(coloured(rng, ramp, 2)))
        elif kind < 0.85 and photos:
            photo = photos[rng.integers(len(photos))]
            scale = rng.uniform(0.6, 1.5)
            bank.append(photo.resize((int(photo.width * scale), int(photo.height * scale))))
        else:
            bank.append(to_image(np.broadcast_to(palette(rng, 1)[0], (8, 8, 3))))
    return bank


def dead_leaves(rng, side, photos):
    """Shapes of all sizes, one over the other."""
    image = to_image(coloured(rng, noise(rng, side)))
    bank = fill_bank(rng, side, photos)
    smallest, shade = rng.uniform(4, 14), rng.choice([0, 0, 0.5])
    for _ in range(int(rng.integers(120, 420))):
        radius = min(smallest * rng.uniform(0, 1) ** -0.7, side / 3)
        draw_blob(rng, image, radius, bank[rng.integers(len(bank))], shade, rng.random() < 0.2)
    return to_array(image)


def pebbles(rng, side, photos):
    """Rounded stones, each with its own colour, grain, shading and shadow."""
    image = to_image(coloured(rng, noise(rng, side)) * 0.35)
    colours = palette(rng, 12)
    grain = coloured(rng, noise(rng, side, rng.uniform(0.4, 1.2)), 3).mean(-1, keepdims=True)
    contrast = rng.uniform(0.1, 0.9)
    bank = [to_image(c * (1 - contrast / 2 + contrast * grain)) for c in colours]
    size, spread, shade = rng.uniform(6, 26), rng.uniform(0.1, 0.6), rng.uniform(0.2, 0.9)
    for _ in range(int(min(2.2 * (side / size) ** 2 / 2, 1300))):
        radius = max(3, size * np.exp(rng.normal(0, spread)) * 0.7)
        draw_blob(rng, image, radius, bank[rng.integers(12)], shade, shadow=True)
    return to_array(image)


def cells(rng, side, size=None):
    """Voronoi cells with rounded tops: cobbles, scales, cracked earth, seen under slanting light."""
    size = size or rng.uniform(10, 44)
    n = int(np.ceil(side / size))
    x, y = grid(side)
    wobble = rng.uniform(0, size * 0.25)
    u = (x + wobble * (noise(rng, side, 1.5) - 0.5) * 5) / side * n
    v = (y + wobble * (noise(rng, side, 1.5) - 0.5) * 5) / side * n
    jitter = rng.uniform(0, rng.uniform(0.5, 1), (n, n, 2))
    tint = palette(rng, n * n).reshape(n, n, 3)
    iu, iv = np.floor(u).astype(int), np.floor(v).astype(int)
    first, second = np.full((side, side), 9.0), np.full((side, side), 9.0)
    colour = np.zeros((side, side, 3))
    for a in (-1, 0, 1):
        for b in (-1, 0, 1):
            cu, cv = (iu + a) % n, (iv + b) % n
            d = np.hypot(iu + a + jitter[cv, cu, 0] - u, iv + b + jitter[cv, cu, 1] - v)
            nearer = d < first
            second = np.where(nearer, first, np.minimum(second, d))
            colour = np.where(nearer[..., None], tint[cv, cu], colour)
            first = np.where(nearer, d, first)
    top = np.clip((second - first) * rng.uniform(1.2, 4), 0, 1) ** rng.uniform(0.3, 0.8)
    grain = noise(rng, side, rng.uniform(0.3, 1.2))[..., None]
    picture = colour * (0.15 + 0.85 * top[..., None]) * (0.75 + 0.5 * grain)
    return np.clip(picture * relief(top * size * 0.3, rng.uniform(0.2, 0.9), rng), 0, 1).astype(np.float32)


def strokes(rng, side, photos=None, eyes=None, length=None, width=None):
    """Fur, hair and grass: thousands of thin tapering strokes along a field of directions; eyes in some."""
    zoom = 2
    ground = coloured(rng, noise(rng, side, rng.uniform(1.4, 2.4))) * rng.uniform(0.3, 0.9)
    markings = coloured(rng, noise(rng, side, rng.uniform(1.2, 2.6)), int(rng.integers(2, 6)))
    image = to_image(ground).resize((side * zoom, side * zoom), Image.BILINEAR)
    draw = ImageDraw.Draw(image)
    length = length or np.exp(rng.uniform(np.log(9), np.log(55)))
    width = width or np.exp(rng.uniform(np.log(0.9), np.log(4.5)))
    count = int(np.clip(4.5 * side * side / (length * width), 1500, 12000))
    flow = (noise(rng, side, 2.4) - 0.5) * rng.uniform(1, 9) + rng.uniform(0, 6.28)
    disorder, bend = rng.uniform(0.05, 1.2), rng.uniform(0, 0.9)
    spread = rng.uniform(0.05, 0.35)
    eyes = (rng.random() < 0.45) if eyes is None else eyes
    count_of_eyes = rng.integers(1, 7) if eyes else 0
    spots = [(*rng.uniform(30, side - 30, 2), rng.uniform(8, 40)) for _ in range(count_of_eyes)]
    for i in range(count):
        x, y = rng.uniform(-8, side + 8, 2)
        cx, cy = int(np.clip(x, 0, side - 1)), int(np.clip(y, 0, side - 1))
        angle = flow[cy, cx] + rng.normal(0, disorder)
        for ex, ey, er in spots:
            if (x - ex) ** 2 + (y - ey) ** 2 < (3 * er) ** 2:
                angle = np.arctan2(y - ey, x - ex) + rng.normal(0, disorder * 0.5)
        light = (0.55 + 0.6 * i / count) * np.exp(rng.normal(0, spread))
        stroke(
            draw,
            x,
            y,
            angle,
            length * rng.uniform(0.5, 1.3),
            width * rng.uniform(0.6, 1.3),
            rng.normal(0, bend),
            markings[cy, cx] * light,
            zoom,
        )
    for ex, ey, er in spots:
        draw_eye(rng, image, ex * zoom, ey * zoom, er * zoom)
    return to_array(image.resize((side, side), Image.BOX))


def leaves(rng, side):
    """Pointed leaves with a midrib and side veins, over each other."""
    zoom = 2
    image = to_image(coloured(rng, noise(rng, side)) * 0.4).resize((side * zoom,) * 2, Image.BILINEAR)
    draw = ImageDraw.Draw(image)
    colours = palette(rng, 16)
    size = rng.uniform(14, 70)
    for _ in range(int(np.clip(9 * (side / size) ** 2, 150, 900))):
        colour = colours[rng.integers(16)] * rng.uniform(0.6, 1.2)
        x, y = rng.uniform(-10, side + 10, 2) * zoom
        length, angle = size * zoom * rng.uniform(0.6, 1.3), rng.uniform(0, 6.28)
        slim, along = rng.uniform(0.15, 0.4), np.linspace(0, 1, 12)
        across = slim * np.sin(np.pi * along**0.8)
        axis, normal = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        curve = rng.normal(0, 0.15) * along**2

        def at(a, c):
            return (np.array([x, y]) + length * (np.outer(a, axis) + np.outer(c, normal))).ravel().tolist()

        def tone(factor):
            return tuple(int(c) for c in np.clip(colour * factor, 0, 1) * 255)

        draw.polygon(at(along, curve + across) + at(along[::-1], curve[::-1]), fill=tone(1.15))
        draw.polygon(at(along, curve - across) + at(along[::-1], curve[::-1]), fill=tone(0.8))
        rib = tone(rng.choice([0.5, 1.5]))
        draw.line(at(along, curve), fill=rib, width=max(1, int(size * zoom / 40)))
        for i in range(1, 9, 2):
            for sign in (-1, 1):
                ends = at(along[[i, i + 2]], np.array([curve[i], curve[i + 2] + sign * across[i + 2] * 0.85]))
                draw.line(ends, fill=rib)
    return to_array(image.resize((side, side), Image.BOX))


def bark(rng, side):
    """Ridges and furrows: noise drawn out along one direction, warped, lit from one side."""
    x, y = grid(side)
    angle = rng.uniform(0, np.pi)
    field = noise(rng, side, rng.uniform(0.8, 1.5), stretch=rng.uniform(1, 7), angle=angle)
    bend = rng.uniform(0, 60)
    field = sample(field, x + bend * (noise(rng, side, 2) - 0.5), y + bend * (noise(rng, side, 2) - 0.5))
    ridges = 1 - np.abs(field - 0.5) * rng.uniform(2, 5)
    height = np.where(rng.random() < 0.6, ridges, field)
    tint = coloured(rng, np.clip(height * 0.7 + 0.3 * noise(rng, side), 0, 1))
    return np.clip(tint * relief(height, rng.uniform(1, 6), rng), 0, 1).astype(np.float32)


def grain(rng, side):
    """Fine even textures, mostly grey: sand, gravel from afar, felt, woven cloth."""
    kind = rng.random()
    if kind < 0.4:
        picture = cells(rng, side, rng.uniform(3.5, 11))
    elif kind < 0.8:
        picture = strokes(rng, side, eyes=False, length=rng.uniform(4, 16), width=rng.uniform(0.7, 2))
    else:
        # A band of frequencies: spots or lines of one size.
        near, far = noise(rng, side, 0), noise(rng, side, rng.uniform(0, 1))
        reach = int(rng.integers(1, 4))
        shifts = [(i, j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)]
        blurred = sum(np.roll(near, shift, (0, 1)) for shift in shifts) / len(shifts)
        field = (near * rng.uniform(0, 1) + far - blurred - 0.5) * rng.uniform(1, 4) + 0.5
        picture = coloured(rng, np.clip(field, 0, 1), int(rng.integers(2, 5)))
    if rng.random() < 0.6:
        picture = np.repeat(picture.mean(-1, keepdims=True), 3, -1)
    middle = picture.mean()
    return np.clip(rng.uniform(0.25, 0.7) + (picture - middle) * rng.uniform(0.5, 1.3), 0, 1)
