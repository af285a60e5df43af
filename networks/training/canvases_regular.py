"""Canvases of regular structure: tiles, scales, nets, cloth, lace, holes, beads, all a little irregular.

A pattern is a function of places (u, v), in pixels at the pattern's own scale: it returns a height (pixels)
and a colour for each place, and how much of it is there (1) rather than a gap that shows the ground (0).
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from canvases_surfaces import cells, dead_leaves, grating, smooth
from drawing import blurred, coloured, exposed, grid, lit, noise, palette, sample, to_array


def places(rng, side, zoom):
    """Places on the pattern for `zoom` samples per pixel: turned, seen at a slant, warped a little."""
    x, y = grid(side * zoom)
    x, y = x / zoom - side / 2, y / zoom - side / 2
    turn = rng.choice([0, rng.normal(0, 0.15), rng.uniform(0, 2 * np.pi)])
    u, v = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    if rng.random() < 0.5:
        slant, heading = rng.uniform(0.1, 0.75) / (side * 0.7), rng.uniform(0, 2 * np.pi)
        depth = 1 + slant * (x * np.cos(heading) + y * np.sin(heading))
        u, v = u / depth, v / depth
    warp = rng.choice([0, 0, rng.uniform(0, 1), rng.uniform(1, 2.5)]) * side / 40
    if warp > 0:
        u = u + warp * (zoomed(noise(rng, side, 2.3), zoom) - 0.5) * 4
        v = v + warp * (zoomed(noise(rng, side, 2.3), zoom) - 0.5) * 4
    # Away from 0, so that patterns need not think of signs.
    return (u + 4096 + rng.uniform(0, 512)).astype(np.float32), (v + 4096 + rng.uniform(0, 512)).astype(
        np.float32
    )


def zoomed(field, zoom):
    image = Image.fromarray(field)
    return np.asarray(image.resize((field.shape[1] * zoom,) * 2, Image.BILINEAR), np.float32)


def table(rng, i, j, values):
    """For each cell (i, j) one of the rows of `values`, always the same for the same cell."""
    order = rng.integers(len(values), size=(61, 67))
    return values[order[j.astype(int) % 61, i.astype(int) % 67]]


def tints(rng, i, j, spread=None):
    """A colour for each cell: of one kind, varied by `spread`, or of several kinds."""
    spread = rng.choice([0.03, 0.1, 0.25]) if spread is None else spread
    base = palette(rng, 1)[0] if rng.random() < 0.6 else palette(rng, 6)[rng.integers(6, size=64)]
    values = base * np.exp(rng.normal(0, spread, (64, 1))) + rng.normal(0, spread * 0.3, (64, 3))
    return table(rng, i, j, np.clip(values, 0.02, 1).astype(np.float32))


def period_between(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def tiles(rng, u, v):
    """Bricks in bond, tiles, planks, checks: rectangles with joints, bevelled or rounded."""
    height = period_between(rng, 8, 48)
    width = height * rng.choice([1, 1, 1.6, 2.2, 3, 5])
    j = np.floor(v / height)
    shift = rng.choice([0, 0.5, 0.5, 1 / 3, 0.25]) if width > height else rng.choice([0, 0, 0.5])
    across = u / width + shift * j
    i = np.floor(across)
    joint = height * rng.choice([0.02, 0.06, 0.12, 0.2])
    rough = joint * rng.uniform(0, 0.6)
    wobble = rough * (sample(noise(rng, 256, 1.2), u * 2, v * 2) - 0.5) * 3
    dx = (0.5 - np.abs(across - i - 0.5)) * width
    dy = (0.5 - np.abs(v / height - j - 0.5)) * height
    corner = rng.uniform(0, 0.45) * height
    near = np.minimum(dx, dy)
    rounded = np.where((dx < corner) & (dy < corner), corner - np.hypot(corner - dx, corner - dy), near)
    edge = rounded - joint / 2 + wobble
    there = np.clip(edge + 0.5, 0, 1)
    bevel = rng.uniform(1, height * 0.5)
    top = np.sqrt(np.clip(1 - (1 - np.clip(edge / bevel, 0, 1)) ** 2, 0, 1)) * bevel * rng.uniform(0.2, 0.9)
    colour = tints(rng, i, j)
    if rng.random() < 0.3:
        checks = palette(rng, 2).astype(np.float32)
        colour = colour * 0.3 + 0.7 * checks[(i + j).astype(int) % 2]
    if rng.random() < 0.3:
        # Each tile tilts its own way.
        tilt = table(rng, i, j, rng.normal(0, 0.12, (64, 2)).astype(np.float32))
        top = (
            top
            + (tilt[..., 0] * (across - i - 0.5) * width + tilt[..., 1] * (v - (j + 0.5) * height)) * there
        )
    return top, colour, there


def scales(rng, u, v):
    """Fish and snake scales, shingles, feathers in rows: each row lies over the one below it."""
    row = period_between(rng, 6, 34)
    width = row * rng.uniform(1.1, 2.4)
    reach = rng.uniform(1.5, 2.4)
    sharp = rng.choice([1.0, 1.5, 2.0, 2.0, 3.0, 8.0])
    gap = rng.uniform(0.9, 1.0)
    lift = rng.uniform(0.25, 0.7)
    rib = rng.choice([0, 0, 0.15, 0.4])
    ridges = rng.choice([0, 0, 1]) * rng.uniform(0.02, 0.12)
    first = np.floor(v / row)
    colour, top = np.zeros((*u.shape, 3), np.float32), np.zeros_like(u)
    state = rng.integers(2**31)
    bands, fade = palette(rng, 1), rng.choice([0, 0.5, 1])
    for back in (0, 1, 2):
        j = first - back
        across = u / width + 0.5 * (j % 2)
        i = np.floor(across)
        a = (across - i - 0.5) * 2 / gap
        jig = table(np.random.default_rng(state), i, j, np.random.default_rng(state).normal(0, 0.04, 64))
        t = (v - j * row) / row + jig
        # Below the middle of a scale its outline narrows as a superellipse.
        below = np.clip((t - reach * 0.4) / (reach * 0.6), 0, 2)
        d = 1 - (np.abs(a) ** sharp + below**sharp) ** (1 / sharp)
        there = np.clip(d * width / 2 + 0.5, 0, 1)[..., None]
        own = tints(np.random.default_rng(state + 1), i, j)
        own = own * (1 + rib * np.cos(a * 9) * 0.5)[..., None]
        own = own * (1 - fade * 0.5 * np.clip(d, 0, 1)[..., None])
        own = own + 0.3 * fade * bands[0] * np.clip(1 - d * 3, 0, 1)[..., None]
        dome = lift * t * row * 0.6 + np.sqrt(np.clip(d, 0, 1)) * row * 0.35
        dome = dome + rib * np.exp(-((a / 0.12) ** 2)) * row * 0.4 + ridges * row * np.cos(t * 14)
        # The scale above throws its shadow on what is painted so far.
        shadow = np.clip(1 + d * width / (row * 0.7), 0, 1)[..., None] * 0.55
        colour = colour * (1 - shadow) * (1 - there) + own * there
        top = np.where(there[..., 0] > 0.5, dome, top)
    return top, np.clip(colour, 0, 1), np.ones_like(u)


def hexagons(u, v, size):
    """A lattice of hexagons `size` across: cell (i, j), vector from its middle, distance to its border."""
    row = size * np.sqrt(3) / 2
    best, second = np.full(u.shape, 1e9, np.float32), np.full(u.shape, 1e9, np.float32)
    ci = cj = du = dv = np.zeros_like(u)
    base = np.floor(v / row)
    for b in (-1, 0, 1, 2):
        j = base + b
        shift = (j % 2) * 0.5
        near = np.round(u / size - shift)
        for a in (-1, 0, 1):
            i = near + a
            x, y = u - (i + shift) * size, v - j * row
            d = x * x + y * y
            nearer = d < best
            second = np.where(nearer, best, np.minimum(second, d))
            ci, cj = np.where(nearer, i, ci), np.where(nearer, j, cj)
            du, dv, best = np.where(nearer, x, du), np.where(nearer, y, dv), np.where(nearer, d, best)
    return ci, cj, du, dv, (second - best) / (2 * size)


def honeycomb(rng, u, v):
    """Hexagons with walls between: some full, some deep; or flat tiles, or cobbles."""
    size = period_between(rng, 8, 60)
    i, j, _, _, border = hexagons(u, v, size)
    wall = size * rng.uniform(0.04, 0.14)
    depth = rng.choice([-1, 1]) * size * rng.uniform(0.15, 0.5)
    inner = np.clip((border - wall) / (size * rng.uniform(0.08, 0.4)), 0, 1)
    filling = table(rng, i, j, (rng.random(64) < rng.uniform(0, 0.8)).astype(np.float32))
    top = depth * np.sqrt(inner * (2 - inner)) * (0.4 + 0.6 * filling)
    walls, dark = palette(rng, 1)[0] * 0.6 + 0.4, rng.uniform(0.1, 0.9)
    own = tints(rng, i, j) * (1 - dark * inner * (1 - filling) * (depth < 0))[..., None]
    mix = np.clip((border - wall) + 0.5, 0, 1)[..., None]
    return top, (walls * (1 - mix) + own * mix).astype(np.float32), np.ones_like(u)


def tube(d, half):
    """Height of a round thread `half` thick at distance `d` from its middle line, and its presence."""
    return np.sqrt(np.clip(1 - (d / half) ** 2, 0, 1)) * half, np.clip(half - np.abs(d) + 0.5, 0, 1)


def mesh(rng, u, v):
    """Wire fence, net, bars, chain link: round threads with gaps between."""
    size = period_between(rng, 10, 64)
    half = max(0.8, size * rng.uniform(0.03, 0.14))
    kind = rng.random()
    if kind < 0.3:
        border = hexagons(u, v * rng.choice([1, 0.7]), size)[-1]
        top, there = tube(border, half)
    elif kind < 0.65:
        # Two sets of lines that pass over and under each other.
        skew = rng.choice([0, 0, 0.5])
        a, b = u + skew * v, v - skew * u
        sag = rng.choice([0, 0.06, 0.15]) * size
        i, j = np.round(a / size), np.round(b / size)
        da = a - i * size + sag * np.sin(2 * np.pi * b / size)
        db = b - j * size + sag * np.sin(2 * np.pi * a / size)
        over = half * np.cos(np.pi * (a / size + b / size))
        ta, pa = tube(da, half)
        tb, pb = tube(db, half)
        ta, tb = np.where(pa > 0, ta + over, -99), np.where(pb > 0, tb - over, -99)
        top, there = np.maximum(np.maximum(ta, tb), -half), np.maximum(pa, pb)
        if rng.random() < 0.5:
            knot = np.hypot(da, db)
            round_, there_ = tube(knot, half * rng.uniform(1.5, 2.4))
            top, there = np.maximum(top, round_), np.maximum(there, there_)
    elif kind < 0.85:
        # Chain link: neighbouring zigzags that hook into each other.
        top, there = np.full_like(u, -9), np.zeros_like(u)
        zig = size * 0.5 * (2 / np.pi) * np.arcsin(0.97 * np.sin(2 * np.pi * v / size))
        middle = np.round(u / size)
        for k in (-1, 0, 1):
            m = middle + k
            d = (u - m * size - zig * np.where(m % 2 == 0, 1, -1) * 1.08) * 0.72
            t, p = tube(d, half)
            t = t + half * np.where(m % 2 == 0, 1, -1) * np.cos(2 * np.pi * v / size)
            top, there = np.where(p > 0.5, np.maximum(top, t), top), np.maximum(there, p)
        top = np.where(there > 0.5, top, 0)
    else:
        # Rings that lie in each other, as in mail.
        top, there = np.full_like(u, -9), np.zeros_like(u)
        base_j = np.round(v / size * 2)
        for b in (-1, 0, 1):
            j = base_j + b
            for a in (0, 1):
                i = np.floor(u / size - 0.5 * (j % 2)) + a
                x, y = u - (i + 0.5 * (j % 2)) * size, v - j * size / 2
                t, p = tube(np.hypot(x, y) - size * 0.46, half)
                t = t + half * 1.2 * x / size * 2
                top, there = np.where(p > 0.5, np.maximum(top, t), top), np.maximum(there, p)
        top = np.where(there > 0.5, top, 0)
    colour = np.broadcast_to(palette(rng, 1)[0] * 0.7 + 0.25, (*u.shape, 3)) * (
        0.6 + 0.8 * sample(noise(rng, 256, 1.4), u, v)[..., None]
    )
    return top, colour.astype(np.float32), there


def woven(rng, u, v):
    """Cloth and basket work: strands that go over and under; plain, twill or by twos."""
    size = period_between(rng, 5, 44)
    aspect = rng.choice([1, 1, 1.5, 2.5])
    a, b = u / (size * aspect), v / size
    i, j = np.floor(a), np.floor(b)
    bond = rng.random()
    over = (i + j) % 2 < 1 if bond < 0.55 else (i + j) % 4 < 2 if bond < 0.8 else (i // 2 + j // 2) % 2 < 1
    fill = rng.uniform(0.75, 0.98)
    ca, cb = (a - i - 0.5) * 2, (b - j - 0.5) * 2
    flat = rng.choice([2, 2, 4])
    across = np.where(over, cb, ca)
    along = np.where(over, ca, cb)
    edge = 1 - np.abs(across) / fill
    top = (
        size
        * 0.5
        * ((1 - np.clip(np.abs(across) / fill, 0, 1) ** flat) * 0.5 + 0.5 * np.cos(along * np.pi / 2))
    )
    twist = rng.choice([0, 0.06, 0.12]) * size
    top = top + twist * np.cos(along * rng.uniform(4, 12) + across * 4)
    colour = np.where(over[..., None], tints(rng, j * 0, j), tints(rng, i, i * 0))
    stripes = rng.choice([0, 0.15, 0.35])
    colour = colour * (1 + stripes * np.sin(across * rng.uniform(5, 14) + 3 * along * (twist > 0)))[..., None]
    dark = np.clip(0.3 + 0.7 * np.cos(along * np.pi / 2) + 0.25, 0.25, 1)[..., None]
    return top, np.clip(colour * dark, 0, 1), np.clip(edge * size * 0.5 + 0.5, 0, 1)


def knitted(rng, u, v):
    """Stitches like the letter V in columns."""
    size = period_between(rng, 9, 48)
    a, b = u / size, v / (size * rng.uniform(0.65, 1))
    i = np.floor(a)
    x = a - i - 0.5
    steep = rng.uniform(0.5, 0.9)
    t = b + np.abs(x) * 2 * steep
    j = np.floor(t)
    y = t - j - 0.5
    across = (np.abs(x) - 0.25) / 0.25
    d = np.hypot(across * 0.85, y * 2 * rng.uniform(0.8, 0.95))
    top = size * 0.3 * np.sqrt(np.clip(1 - d**2, 0, 1))
    ply = rng.uniform(0.03, 0.12) * size * np.cos(2 * np.pi * (y * 2 + np.abs(x) * rng.uniform(2, 5)))
    top = top + ply * np.clip(1 - d, 0, 1)
    rows = palette(rng, 4)[rng.integers(4, size=64)].astype(np.float32)
    plain = rng.random()
    key = j * 0 if plain < 0.4 else j if plain < 0.7 else j + 5 * i
    colour = table(rng, key * 0, key, rows) * np.exp(-0.9 * np.clip(d, 0, 1.2) ** 3)[..., None]
    return top, colour, np.clip((1.15 - d) * size * 0.2, 0, 1)


def corrugated(rng, u, v):
    """Ribs, slats, steps, pipes side by side, with seams and screws at times."""
    size = period_between(rng, 6, 56)
    i = np.floor(u / size)
    x = (u / size - i - 0.5) * 2
    kind = rng.integers(4)
    profile = (
        np.cos(x * np.pi) / 2,
        np.sqrt(1 - x**2 * 0.98),
        x / 2,
        np.clip(1.6 - np.abs(x) * 2.2, 0, 1) / 2,
    )[kind]
    top = profile * size * rng.uniform(0.3, 0.8)
    colour = tints(rng, i, i * 0, rng.choice([0.01, 0.1]))
    rust = coloured(rng, noise(rng, 512, 1.5))
    share = np.clip(sample(noise(rng, 512, 1.8), u, v) * 6 - rng.uniform(1.5, 5), 0, 1)[..., None]
    share = share * rng.choice([0, 0.7])
    colour = colour * (1 - share) + sample(rust, u, v) * share
    if rng.random() < 0.5:
        length = size * rng.uniform(1.5, 8)
        seam = np.abs(v / length - np.round(v / length)) * length
        top = top - np.exp(-((seam / 1.5) ** 2)) * size * 0.2
        colour = colour * (1 - 0.6 * np.exp(-((seam / 1.2) ** 2)))[..., None]
    return top, colour, np.clip((1 - np.abs(x)) * size * 0.5 + 0.3, 0, 1) if kind == 1 else np.ones_like(u)


def dots(rng, u, v):
    """Holes in metal, studs, beads, halftone dots, packed pebbles: round things on a lattice."""
    size = period_between(rng, 6, 56)
    jitter = rng.choice([0, 0, 0.06, 0.12]) * size
    warp_u = (sample(noise(rng, 256, 1.0), u * 60 / size, v * 60 / size) - 0.5) * jitter * 2
    u, v = u + warp_u, v - warp_u
    if rng.random() < 0.6:
        i, j, du, dv, _ = hexagons(u, v, size)
    else:
        i, j = np.round(u / size), np.round(v / size)
        du, dv = u - i * size, v - j * size
    radius = size * rng.uniform(0.25, 0.5)
    each = table(
        rng, i, j, np.exp(rng.normal(0, rng.choice([0, 0, 0.15]), 64)).clip(0.6, 1.02).astype(np.float32)
    )
    radius = np.minimum(radius * each, size * 0.5)
    power = rng.choice([2, 2, 2, 4, 1.3])
    r = (np.abs(du) ** power + np.abs(dv) ** power) ** (1 / power)
    inside = np.clip(radius - r + 0.5, 0, 1)
    kind = rng.random()
    sheet = palette(rng, 1)[0] * (0.8 + 0.4 * sample(noise(rng, 256, 1), u, v)[..., None])
    if kind < 0.3:
        # Holes: the ground is seen through them; the rim is rounded.
        top = -(np.clip(1 - (r - radius) / (size * 0.08), 0, 1) ** 2) * size * 0.1
        return top, sheet.astype(np.float32), 1 - inside
    ball = np.sqrt(np.clip(1 - (r / radius) ** 2, 0, 1)) * radius * rng.uniform(0.3, 1)
    own = tints(rng, i, j)
    if kind < 0.5:
        # Beads with a hole, rings.
        hole = radius * rng.uniform(0.15, 0.6)
        ring, _ = tube(r - (radius + hole) / 2, (radius - hole) / 2)
        return ring, own, inside * np.clip(r - hole + 0.5, 0, 1)
    if kind < 0.75:
        return ball, own, inside
    mix = inside[..., None]
    around = np.clip((r - radius) / (size * 0.2), 0, 1)[..., None] * 0.5 + 0.5
    return ball * (kind < 0.9), (sheet * around * (1 - mix) + own * mix).astype(np.float32), np.ones_like(u)


def ornament(rng, size, zoom=2):
    """A cell of `size` that repeats seamlessly: rings, rosettes, bars, mirrored; 255 where thread is."""
    full = size * zoom
    image = Image.new("L", (full, full))
    draw = ImageDraw.Draw(image)
    width = max(2, int(full * rng.uniform(0.015, 0.045)))
    middle = np.array([[0, 0], [full, 0], [0, full], [full, full], [full / 2, full / 2]])
    for centre in (middle[:4], middle[4:]):
        rings = np.sort(rng.uniform(0.08, 0.5, rng.integers(1, 4)))
        petals, thick = int(rng.choice([0, 4, 6, 8, 12])), int(width * rng.uniform(0.7, 1.5)) or 1
        bend, reach = rng.uniform(0.1, 0.7), rng.uniform(0.2, 0.5)
        for cx, cy in centre:
            for ring in rings:
                r = ring * full
                draw.ellipse([cx - r, cy - r, cx + r, cy + r], outline=255, width=thick)
            for p in range(petals):
                angle = 2 * np.pi * p / petals
                along = np.linspace(0, 1, 14)
                for sign in (-1, 1):
                    curve = angle + sign * bend * np.sin(np.pi * along) * 2 / max(petals, 3) * 2
                    line = np.stack(
                        [
                            cx + np.cos(curve) * along * reach * full,
                            cy + np.sin(curve) * along * reach * full,
                        ],
                        1,
                    )
                    draw.line(line.ravel().tolist(), fill=255, width=thick)
    for _ in range(rng.integers(0, 5)):
        x0, y0, x1, y1 = rng.uniform(0, 0.5, 4) * full
        for mx in (0, 1):
            for my in (0, 1):
                ends = [
                    full - x0 if mx else x0,
                    full - y0 if my else y0,
                    full - x1 if mx else x1,
                    full - y1 if my else y1,
                ]
                draw.line(ends, fill=255, width=width)
    return image.resize((size, size), Image.BOX)


def lace(rng, u, v):
    """Lace, wrought iron, printed or carved ornament: one drawn cell that repeats."""
    size = period_between(rng, 24, 110)
    cell = ornament(rng, 192)
    tiled = Image.new("L", (576, 576))
    for a in range(9):
        tiled.paste(cell, (a % 3 * 192, a // 3 * 192))
    soft = tiled.filter(ImageFilter.GaussianBlur(rng.uniform(2, 4))).crop((192, 192, 384, 384))
    near = np.asarray(cell.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255
    x, y = u / size * 192, v / size * 192
    there, top = sample(near, x, y), sample(np.asarray(soft, np.float32) / 255, x, y)
    top = top * size * rng.uniform(0.02, 0.08)
    thread = palette(rng, 1)[0] * 0.5 + 0.5 * rng.random()
    fine = 1 + rng.choice([0, 0.25]) * np.sin(u * 1.7 + v) * np.sin(v * 1.7 - u)
    own = thread * ((0.75 + 0.25 * top / (top.max() + 1e-6)) * fine)[..., None]
    if rng.random() < 0.35:
        ground = palette(rng, 1)[0]
        mix = there[..., None]
        return (
            top * rng.choice([-1, 0, 1]),
            (own * mix + ground * (1 - mix)).astype(np.float32),
            np.ones_like(u),
        )
    return top, own.astype(np.float32), there


def plaid(rng, u, v):
    """Checked cloth: bands of colour both ways, woven finely."""
    size = period_between(rng, 20, 64)
    colours = palette(rng, 6).astype(np.float32)
    bands = colours[np.repeat(rng.integers(6, size=16), rng.integers(1, 8, 16))]
    thread = rng.uniform(1.5, 5)
    a, b = (u / size * len(bands)).astype(int) % len(bands), (v / size * len(bands)).astype(int) % len(bands)
    i, j = np.floor(u / thread), np.floor(v / thread)
    over = ((i + j) % 4 < 2) if rng.random() < 0.6 else ((i + j) % 2 < 1)
    colour = np.where(over[..., None], bands[a], bands[b])
    top = thread * 0.3 * np.cos(2 * np.pi * np.where(over, u, v) / thread)
    return top, colour, np.ones_like(u)


def feathers(rng, u, v):
    """Herringbone: rows of slanting strips that meet, as in parquet, feathers and tweed."""
    size = period_between(rng, 12, 64)
    i = np.floor(u / size)
    x = u / size - i
    side_ = np.where(i % 2 == 0, x, 1 - x)
    strip = size * rng.uniform(0.15, 0.6)
    t = (v + side_ * size * rng.uniform(0.5, 1.2)) / strip
    j = np.floor(t)
    dx, dy = (0.5 - np.abs(x - 0.5)) * size, (0.5 - np.abs(t - j - 0.5)) * strip
    edge = np.minimum(dx, dy)
    bevel = strip * rng.uniform(0.08, 0.5)
    top = np.sqrt(np.clip(edge / bevel, 0, 1)) * bevel * rng.uniform(0.2, 0.7)
    colour = tints(rng, i, j)
    streak = sample(noise(rng, 256, 1.0, stretch=5), t * strip * 2, u) - 0.5
    return top, np.clip(colour * (1 + streak[..., None]), 0, 1), np.clip(edge - strip * 0.04 + 0.5, 0, 1)


PATTERNS = (
    (0.16, tiles),
    (0.12, scales),
    (0.07, honeycomb),
    (0.15, mesh),
    (0.11, woven),
    (0.06, knitted),
    (0.06, corrugated),
    (0.12, dots),
    (0.09, lace),
    (0.03, plaid),
    (0.03, feathers),
)


def ground(rng, side, photos):
    """What lies behind a pattern."""
    kind = rng.random()
    if kind < 0.2:
        return np.broadcast_to(palette(rng, 1)[0], (side, side, 3)).astype(np.float32)
    if kind < 0.45:
        return coloured(rng, noise(rng, side))
    if kind < 0.65:
        return smooth(rng, side)
    if kind < 0.75:
        return grating(rng, side)
    if kind < 0.85:
        return cells(rng, side)
    if photos:
        photo = photos[rng.integers(len(photos))]
        return to_array(photo.resize((side, side)))
    return dead_leaves(rng, side, photos)


def regular(rng, side, photos):
    """One regular pattern, lit from one side, over a ground on which it throws its shadow."""
    zoom = 2
    shares = np.array([share for share, _ in PATTERNS])
    pattern = PATTERNS[rng.choice(len(PATTERNS), p=shares / shares.sum())][1]
    u, v = places(rng, side, zoom)
    top, colour, there = pattern(rng, u, v)
    rough = rng.choice([0, 0.3, 1.2])
    if rough > 0:
        top = top + rough * zoomed(noise(rng, side, rng.uniform(0.3, 1.2)), zoom) * there
    stain = coloured(rng, zoomed(noise(rng, side, rng.uniform(1, 2.2)), zoom), 3)
    mix = rng.choice([0.05, 0.2, 0.45])
    colour = colour * (1 - mix + mix * stain * 1.6)
    light = rng.uniform(0, 2 * np.pi)
    shown = lit(
        top.astype(np.float32) * zoom, colour, light, rng.uniform(0.4, 1.1), rng.choice([0, 0, 0.3, 0.8])
    )
    if there.min() < 1:
        behind = np.repeat(np.repeat(ground(rng, side, photos), zoom, 0), zoom, 1)
        reach = int(rng.uniform(1, 9) * zoom)
        shift = (int(-np.sin(light) * reach), int(-np.cos(light) * reach))
        shadow = blurred(np.roll(there, shift, (0, 1)), reach * 0.4)
        behind = behind * (1 - rng.uniform(0.2, 0.8) * shadow[..., None]) * rng.uniform(0.4, 1)
        shown = behind * (1 - there[..., None]) + shown * there[..., None]
    x, y = grid(side * zoom)
    fall = 1 + rng.uniform(0, 0.5) * ((x * np.cos(light) + y * np.sin(light)) / (side * zoom) - 0.3)
    shown = np.clip(shown * fall[..., None], 0, 1)
    return exposed(rng, shown.reshape(side, zoom, side, zoom, 3).mean((1, 3), dtype=np.float32))
