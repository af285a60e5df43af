"""Canvases of things made and grown: wheels, vessels, houses, flowers, hands, writing, machines.

A thing is drawn in a square window. Its places u, v run from -1 to 1 over the window, `px` is one pixel in
those units; it returns a height in the same units, a colour and how much of each pixel it covers. Light then
falls on the height from one side of the canvas, and the thing throws a shadow on what lies behind it.
"""

import string

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from canvases_regular import regular, tiles
from canvases_surfaces import bark, cells, dead_leaves, smooth
from drawing import blurred, coloured, exposed, grid, lit, noise, palette, to_array, to_image


def background(rng, side, photos):
    """What things stand before: noise, soft ground, shapes, a wall; often out of focus."""
    kind = rng.random()
    if kind < 0.3:
        picture = smooth(rng, side)
    elif kind < 0.55:
        picture = coloured(rng, noise(rng, side))
    elif kind < 0.7:
        picture = dead_leaves(rng, side, photos)
    elif kind < 0.8:
        picture = cells(rng, side)
    elif kind < 0.9:
        picture = regular(rng, side, photos)
    else:
        picture = bark(rng, side)
    if rng.random() < 0.4:
        picture = blurred(picture, rng.uniform(1, 8))
    return np.array(picture, np.float32)


def place(picture, x, y, height, colour, there, options):
    """Lays a thing with its middle at (x, y): lit and with its shadow.

    `options` holds `light` (angle), `strength`, `gloss` and `shadow` (its reach over the window's width).
    """
    size = there.shape[0]
    shown = lit(height * size / 2, colour, options["light"], options["strength"], options["gloss"])
    reach = options["shadow"] * size
    pad = int(reach * 2) + 2
    padded = np.pad(there, pad)
    dark = blurred(padded, max(0.5, reach * 0.6))
    away = (-np.cos(options["light"]) * reach, -np.sin(options["light"]) * reach)
    blend(picture, x + away[0], y + away[1], np.zeros((*dark.shape, 3), np.float32), dark * 0.65)
    # A narrow dark rim where the thing touches what lies behind.
    blend(picture, x, y, np.zeros((*dark.shape, 3), np.float32), blurred(padded, 2) * 0.4)
    blend(picture, x, y, shown, there)


def blend(picture, x, y, shown, there):
    """Mixes a window into the picture, its middle at (x, y); what lies outside is cut."""
    h, w = there.shape
    left, top = int(x - w / 2), int(y - h / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + w, picture.shape[1]), min(top + h, picture.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    cut = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    share = there[cut][..., None]
    picture[y0:y1, x0:x1] = picture[y0:y1, x0:x1] * (1 - share) + shown[cut] * share


def window(size, turn):
    """Places of a square window, turned, and the size of a pixel."""
    x, y = grid(size)
    x, y = (x + 0.5) * 2 / size - 1, (y + 0.5) * 2 / size - 1
    return x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn), 2 / size


def cover(d, px):
    """How much of a pixel is inside, for a distance that is negative inside."""
    return np.clip(0.5 - d / px, 0, 1)


def over(base, colour, share):
    return base * (1 - share[..., None]) + np.asarray(colour) * share[..., None]


def material(rng, size):
    """A colour with its own grain, for a window."""
    base, kind = palette(rng, 1)[0], rng.random()
    field = noise(
        rng, size, rng.uniform(0.4, 2.2), *((rng.uniform(2, 7), rng.uniform(0, 3)) if kind < 0.3 else ())
    )
    if kind < 0.15:
        return coloured(rng, field)
    return (base * (1 + rng.choice([0.1, 0.4, 0.9]) * (field[..., None] - 0.5))).astype(np.float32)


def dome(d, width):
    """A rounded edge: 0 at the outline (d = 0), 1 at depth `width` and beyond."""
    t = np.clip(-d / width, 0, 1)
    return np.sqrt(t * (2 - t))


def capsule(u, v, x0, y0, x1, y1):
    """Distance to the line between two points, and how far along it the nearest point lies (0 to 1)."""
    dx, dy = x1 - x0, y1 - y0
    t = np.clip(((u - x0) * dx + (v - y0) * dy) / (dx * dx + dy * dy + 1e-9), 0, 1)
    return np.hypot(u - x0 - t * dx, v - y0 - t * dy), t


def box(u, v, half_w, half_h, corner):
    """Distance to a rectangle with round corners, negative inside."""
    qx, qy = np.abs(u) - half_w + corner, np.abs(v) - half_h + corner
    return np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0) - corner


def wheel(rng, size):
    """Tyre with tread, rim, spokes, hub with bolts; seen from the side or aslant; or a toothed wheel."""
    u, v, px = window(size, rng.uniform(0, 6.28))
    v = v / rng.choice([1, 1, rng.uniform(0.45, 1)])
    r, phi = np.hypot(u, v), np.arctan2(v, u)
    toothed = rng.random() < 0.3
    inner = rng.uniform(0.6, 0.85)
    teeth = int(rng.integers(8, 40))
    tread = np.tanh(np.cos(phi * teeth) * 3) * (0.05 if toothed else rng.choice([0, 0.012]))
    outline = r - 0.92 - tread
    tyre = material(rng, size) if toothed else material(rng, size) * 0.25 + 0.06
    tyre = tyre * (1 + 0.25 * np.cos(phi * teeth * 2) * (r > 0.85))[..., None]
    ring, ring_half = (0.92 + inner) / 2, (0.92 - inner) / 2
    height = np.sqrt(np.clip(1 - ((r - ring) / ring_half) ** 2, 0, 1)) * ring_half
    rim_half = rng.uniform(0.02, 0.08)
    rim = np.abs(r - inner + rim_half) - rim_half
    metal = material(rng, size) * 0.5 + rng.uniform(0.2, 0.5)
    colour = over(tyre, metal, cover(rim, px))
    height = np.where(rim < 0, ring_half * 0.8 + dome(rim, rim_half) * 0.06, height)
    count, thick = int(rng.integers(3, 26)), rng.uniform(0.15, 0.5)
    sector = 2 * np.pi / count
    bend = rng.choice([0, 0, 0.8])
    local = (phi + bend * r) / sector
    arm = np.abs(local - np.round(local)) * sector * np.maximum(r, 0.02)
    half = (
        thick
        * sector
        * 0.35
        * rng.choice([0.25, inner * 0.5])
        * (1 + rng.uniform(-0.6, 0.6) * (r / inner - 0.5))
    )
    spoke = np.where(r < inner, arm - half, 1)
    disc = rng.random() < 0.2
    inside = r - inner + rim_half * 2
    hollow = cover(inside, px) * (1 - cover(spoke, px))
    colour = over(colour, metal * rng.uniform(0.8, 1.1), cover(spoke, px))
    height = np.where(spoke < 0, dome(spoke, np.maximum(half, 1e-3)) * 0.08, np.where(inside < 0, 0, height))
    hub_r = rng.uniform(0.08, 0.28)
    hub = r - hub_r
    colour = over(colour, material(rng, size) * 0.6 + 0.2, cover(hub, px))
    height = np.where(hub < 0, 0.1 + dome(hub, hub_r) * rng.uniform(0.04, 0.2), height)
    bolts = int(rng.integers(3, 9))
    around = (phi / (2 * np.pi) * bolts) % 1 - 0.5
    bolt = np.hypot(around * 2 * np.pi / bolts * hub_r * 0.65, r - hub_r * 0.65) - hub_r * 0.14
    colour = over(colour, metal * 0.5, cover(bolt, px))
    there = cover(outline, px)
    if disc:
        colour = over(colour, metal * 0.35, hollow)
    else:
        there = there * (1 - hollow * (1 - cover(hub, px)))
    return height, colour, there


def vessel(rng, size):
    """Cup, bowl, vase or pot from the side and a little from above: rim, inside, handle, bands."""
    u, v, px = window(size, rng.normal(0, 0.08))
    tilt = rng.uniform(0.08, 0.4)
    top, bottom = -rng.uniform(0.4, 0.8), rng.uniform(0.5, 0.8)
    knots = np.linspace(top, bottom, 6)
    kind = rng.random()
    wide = rng.uniform(0.35, 0.62)
    if kind < 0.4:
        widths = wide * np.linspace(1, rng.uniform(0.6, 1), 6)
    elif kind < 0.65:
        widths = wide * np.array([1, 0.97, 0.88, 0.75, 0.55, 0.4])
    else:
        widths = wide * np.clip(np.convolve(rng.uniform(0.25, 1.15, 8), [0.3, 0.4, 0.3], "valid"), 0.25, 1)
    fine = np.linspace(top, bottom, 60)
    smooth_widths = np.convolve(np.pad(np.interp(fine, knots, widths), 6, "edge"), np.ones(13) / 13, "valid")
    mouth, foot = smooth_widths[0], smooth_widths[-1]
    # The cross-section at each pixel: v is shifted by the round of the ellipse.
    half = np.interp(v, fine, smooth_widths)
    bow = np.sqrt(np.clip(1 - (u / half) ** 2, 0, 1)) * half * tilt
    half = np.interp(v - bow * 0.7, fine, smooth_widths)
    across = np.clip(u / half, -1, 1)
    height = np.sqrt(np.clip(1 - across**2, 0, 1)) * half
    base = np.hypot(u, (v - bottom) / tilt) - foot
    lip = np.hypot(u, (v - top) / tilt) - mouth
    body = np.maximum(np.abs(u) - half, np.maximum(top - v, v - bottom))
    outline = np.minimum(np.minimum(body, base * tilt), lip * tilt)
    colour = material(rng, size)
    level = v - bow
    if rng.random() < 0.6:
        period = rng.uniform(0.08, 0.5)
        band = np.clip(np.sin(level * 2 * np.pi / period) * rng.uniform(1, 6) - rng.uniform(0, 1), 0, 1)
        if rng.random() < 0.5:
            around = np.arcsin(across * 0.999)
            band = band * (np.sin(around * rng.integers(6, 30) + rng.choice([0, 9]) * level) > 0)
        colour = over(colour, palette(rng, 1)[0], band)
    inside_colour = palette(rng, 1)[0] * rng.uniform(0.4, 1.2)
    wall = rng.uniform(0.03, 0.09)
    hole = np.hypot(u, (v - top) / tilt) - mouth + wall
    deep = np.clip(0.35 + 0.6 * (v - top) / (tilt * mouth) - 0.3 * u / mouth, 0.1, 1)[..., None]
    colour = over(colour, colour.mean((0, 1)) * 0.5 + 0.35, cover(lip * tilt, px))
    colour = over(colour, inside_colour * deep, cover(hole * tilt, px))
    height = np.where(lip < 0, height.max() * 0.9, height)
    height = np.where(hole < 0, -u * 0.6, height)
    fill = np.hypot(u, (v - top - mouth * tilt * 0.35) / tilt) - mouth * 0.85
    if rng.random() < 0.6:
        liquid = cover(np.maximum(fill, hole) * tilt, px)
        colour = over(colour, palette(rng, 1)[0] * (0.8 + 0.5 * (u / mouth)[..., None]), liquid)
    there = cover(outline, px)
    if rng.random() < 0.6:
        for sign in (-1, 1)[: rng.integers(1, 3)]:
            middle = (top + bottom) / 2 - rng.uniform(0, 0.15)
            at = np.interp(middle, fine, smooth_widths)
            loop, thick = rng.uniform(0.16, 0.3), rng.uniform(0.035, 0.07)
            ring = np.abs(np.hypot(sign * u - at, (v - middle) * rng.uniform(0.7, 1)) - loop) - thick
            handle = cover(ring, px) * (1 - there)
            colour = over(colour, material(rng, size).mean((0, 1)), handle)
            height = np.where(handle > 0, dome(ring, thick) * thick, height)
            there = np.maximum(there, handle)
    return height, colour, there


def plate(rng, size):
    """Plate or bowl from above: rim, well, painted rings and petals, something lying in it."""
    u, v, px = window(size, 0)
    v = v / rng.uniform(0.4, 1)
    r, phi = np.hypot(u, v), np.arctan2(v, u)
    well, rim = rng.uniform(0.4, 0.75), rng.uniform(0.85, 0.97)
    height = np.clip((r - well) / (rim - well), 0, 1) ** rng.uniform(0.6, 2) * rng.uniform(0.08, 0.3)
    height = height + np.exp(-(((r - rim + 0.03) / 0.03) ** 2)) * 0.03
    colour = np.broadcast_to(palette(rng, 1)[0] * 0.6 + 0.4, (size, size, 3)).astype(np.float32)
    for _ in range(rng.integers(0, 4)):
        at, thick = rng.uniform(0.3, 0.95), rng.uniform(0.01, 0.06)
        colour = over(colour, palette(rng, 1)[0], cover(np.abs(r - at) - thick, px))
    if rng.random() < 0.5:
        count, at = int(rng.integers(6, 30)), (well + rim) / 2
        motif = np.cos(phi * count) - 0.2 - np.abs(r - at) / (rim - well) * rng.uniform(2, 5)
        colour = over(colour, palette(rng, 1)[0], np.clip(motif * 6, 0, 1))
    kind = rng.random()
    if kind < 0.4:
        full = r - well * rng.uniform(0.8, 1.05)
        colour = over(colour, coloured(rng, noise(rng, size, rng.uniform(1, 2))), cover(full, px))
        height = np.where(full < 0, height * 0.2, height)
    elif kind < 0.85:
        for _ in range(rng.integers(2, 14)):
            x, y = rng.normal(0, well * 0.4, 2)
            radius = rng.uniform(0.07, 0.3)
            stretched = np.hypot(u - x, (v - y) * rng.uniform(0.7, 1.4)) - radius
            colour = over(
                colour * (1 - 0.5 * cover(stretched - 0.04, 0.1))[..., None],
                material(rng, size),
                cover(stretched, px),
            )
            height = np.where(stretched < 0, 0.05 + dome(stretched, radius) * radius * 0.8, height)
    return height, colour, cover(r - rim, px)


def flower(rng, size):
    """Petals in one or several rings around a heart of seeds."""
    u, v, px = window(size, rng.uniform(0, 6.28))
    v = v / rng.uniform(0.55, 1)
    height, colour = np.zeros((size, size), np.float32), np.zeros((size, size, 3), np.float32)
    there = np.zeros((size, size), np.float32)
    count, layers = int(rng.integers(4, 18)), int(rng.integers(1, 4))
    inner, outer = palette(rng, 1)[0], palette(rng, 1)[0]
    heart = rng.uniform(0.1, 0.35)
    fat, power = rng.uniform(0.7, 1.6) * np.pi / count, rng.uniform(0.5, 1.6)
    notch, veins, depth = rng.choice([0, 0.15]), rng.uniform(0, 0.3), rng.uniform(0.05, 0.25)
    field = noise(rng, size, 1.3)[..., None]
    for layer in range(layers):
        reach = 0.95 * (1 - 0.25 * layer)
        offset = layer * 0.5 + rng.normal(0, 0.1)
        for k in rng.permutation(count):
            angle = (k + offset) * 2 * np.pi / count + rng.normal(0, 0.05)
            a = (u * np.cos(angle) + v * np.sin(angle)) / (reach * rng.uniform(0.85, 1))
            c = (-u * np.sin(angle) + v * np.cos(angle)) / reach
            half = np.clip(fat * 0.6 * np.sin(np.pi * np.clip(a, 0, 1) ** power), 0, 0.5) + 1e-4
            x = c / half
            d = (np.abs(x) - 1) * half
            end = 1 - notch * (1 - np.clip(np.abs(x), 0, 1))
            share = cover(np.where((a > 0) & (a < end), d, 1), px)
            own = inner * (1 - np.clip(a, 0, 1)[..., None]) + outer * np.clip(a, 0, 1)[..., None]
            own = own * (1 + veins * np.cos(x * 12))[..., None] * (0.75 + 0.5 * field)
            edge = cover(d - 0.06, 0.12) * (a > 0) * (a < 1.08)
            colour = over(colour * (1 - 0.35 * edge)[..., None], own, share)
            shape = layer * 0.08 + depth * (np.sin(np.clip(a, 0, 1) * 2.5) - 0.5 * x**2 * half / 0.3)
            height = np.where(share > 0.5, shape, height)
            there = np.maximum(there, share)
    r = np.hypot(u, v)
    seeds = np.cos(u * rng.uniform(40, 90)) * np.cos(v * rng.uniform(40, 90))
    middle = r - heart
    own = palette(rng, 1)[0] * (0.7 + 0.4 * seeds + 0.4 * np.clip(r / heart, 0, 1))[..., None]
    colour = over(colour * (1 - 0.5 * cover(middle - 0.05, 0.1))[..., None], own, cover(middle, px))
    height = np.where(middle < 0, 0.2 + dome(middle, heart) * heart * 0.6 + seeds * 0.012, height)
    return height, np.clip(colour, 0, 1), np.maximum(there, cover(middle, px))


def hand(rng, size):
    """Palm, four fingers and a thumb with creases and nails; open, spread or bent."""
    u, v, px = window(size, rng.uniform(0, 6.28) if rng.random() < 0.5 else rng.normal(0, 0.4))
    u = u * rng.choice([-1, 1])
    dark = rng.uniform(0.2, 1)
    skin = np.array([0.95, 0.72, 0.58]) * dark ** np.array([0.8, 1, 1.15])
    if rng.random() < 0.2:
        skin = palette(rng, 1)[0]
    mottle = noise(rng, size, 1.3)[..., None]
    colour = (skin * (0.85 + 0.3 * mottle)).astype(np.float32)
    palm_w, palm_h = rng.uniform(0.28, 0.36), rng.uniform(0.28, 0.38)
    palm = box(u, v - 0.3, palm_w, palm_h, 0.18)
    wrist = box(u, v - 0.7, palm_w * rng.uniform(0.6, 0.8), 0.27, 0.12)
    palm = np.minimum(palm, wrist)
    height = dome(palm, 0.25) * 0.16
    outline = palm
    spread, long = rng.uniform(0.0, 0.35), rng.uniform(0.45, 0.65)
    nails, creases = rng.random() < 0.5, np.zeros_like(u)
    shade = np.ones_like(u)
    for k in range(5):
        if k == 4:
            x, y, heading, length, half = palm_w * 0.85, 0.35, -0.5 - spread - rng.uniform(0, 0.5), 0.45, 0.1
        else:
            x = -palm_w + palm_w * 2 * (k + 0.5) / 4
            y, heading = 0.02 + 0.04 * abs(k - 1.5), (1.5 - k) * -spread + rng.normal(0, 0.03)
            length, half = long * (0.78, 1, 1.05, 0.92)[k] * rng.choice([1, 1, 0.9]), palm_w * 0.235
        sway = np.sin(heading) if k < 4 else -np.sin(heading)
        joint = (x + sway * length * 0.5, y - np.cos(heading) * length * 0.5)
        bent = heading * rng.uniform(0.6, 1.4) + rng.normal(0, 0.06)
        sway = np.sin(bent) if k < 4 else -np.sin(bent)
        tip = (joint[0] + sway * length * 0.5, joint[1] - np.cos(bent) * length * 0.5)
        lower, s = capsule(u, v, x, y + 0.1, *joint)
        upper, t = capsule(u, v, *joint, *tip)
        d = np.minimum(lower - half, upper - half * (1 - 0.22 * t))
        shade = shade * (1 - 0.4 * np.exp(-((d / 0.025) ** 2)) * (d > -0.01))
        height = np.where(
            d < 0, np.maximum(dome(d, half) * half * 1.3 + 0.02, height * (palm < -0.05)), height
        )
        outline = np.minimum(outline, d)
        for at, field, inside in ((0.9, s, lower), (0.45, t, upper)):
            creases = np.maximum(creases, np.exp(-(((field - at) * length / 0.02) ** 2)) * (inside < half))
        if nails:
            nail = np.hypot(u - tip[0], v - tip[1] - 0.01) - half * 0.62
            nail_share = cover(nail, px)
            colour = over(colour, skin * 0.6 + np.array([0.38, 0.3, 0.3]), nail_share)
    for _ in range(rng.integers(1, 5)):
        x, y = rng.uniform(-0.2, 0.2), rng.uniform(0.1, 0.5)
        line = np.abs(np.hypot(u - x - 0.4, v - y - 0.1) - rng.uniform(0.3, 0.5))
        creases = np.maximum(creases, np.exp(-((line / 0.012) ** 2)) * (palm < -0.03) * 0.8)
    colour = colour * (1 - 0.4 * creases)[..., None] * shade[..., None]
    return height - creases * 0.01 + mottle[..., 0] * 0.01, colour, cover(outline, px)


def machine(rng, size):
    """A panel with bolts, a gauge, a vent, knobs; or a flange."""
    u, v, px = window(size, rng.normal(0, 0.2))
    half_w, half_h = rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9)
    if rng.random() < 0.5:
        half_w = half_h
    corner = rng.choice([0.03, 0.15, half_h])
    corner = min(corner, half_w, half_h)
    outline = box(u, v, half_w, half_h, corner)
    metal = material(rng, size) * 0.6 + rng.uniform(0.1, 0.4)
    colour, height = metal.astype(np.float32), dome(outline, rng.uniform(0.03, 0.2)) * 0.08
    groove = np.abs(outline + rng.uniform(0.15, 0.2)) - 0.012
    colour = over(colour, metal * 0.3, cover(groove, px))
    inner = min(half_w, half_h) * 0.7
    kind = rng.random()
    r, phi = np.hypot(u, v), np.arctan2(v, u)
    if kind < 0.4:
        ring = np.abs(r - inner) - 0.05
        face = r - inner
        colour = over(colour, palette(rng, 1)[0] * 0.3 + rng.choice([0.05, 0.65]), cover(face, px))
        ticks = int(rng.integers(10, 60))
        at = (phi / (2 * np.pi) * ticks) % 1 - 0.5
        long = np.where(np.round(phi / (2 * np.pi) * ticks - 0.5) % 5 == 0, 0.2, 0.1)
        tick = (
            (np.abs(at) * 2 * np.pi / ticks * r < 0.012)
            & (r > inner * 0.85 - long * inner)
            & (r < inner * 0.85)
        )
        ink = palette(rng, 1)[0] * rng.choice([0.2, 1.2])
        colour = over(colour, np.clip(ink, 0, 1), tick * 0.95)
        angle = rng.uniform(0, 6.28)
        needle, t = capsule(u, v, 0, 0, np.cos(angle) * inner * 0.8, np.sin(angle) * inner * 0.8)
        colour = over(colour, palette(rng, 1)[0], cover(needle - 0.035 * (1.1 - t), px))
        colour = over(colour, metal * 0.5, cover(r - 0.09, px))
        height = np.where(face < 0, 0.02, height)
        shine = cover(np.maximum(np.hypot(u + 0.25, v + 0.3) - inner * 0.9, r - inner * 0.93), 0.15)
        colour = over(colour, np.ones(3), shine * rng.uniform(0, 0.3))
        colour = over(colour, metal * 0.9, cover(ring, px))
        height = np.where(ring < 0, 0.08 + dome(ring, 0.05) * 0.06, height)
    elif kind < 0.65:
        slats = rng.uniform(0.06, 0.2)
        open_ = box(u, v, half_w * 0.75, half_h * 0.75, 0.05)
        phase = (v / slats) % 1
        colour = over(colour, metal * (0.15 + 0.75 * phase)[..., None], cover(open_, px))
        height = np.where(open_ < 0, phase * slats * 0.5, height)
    elif kind < 0.85:
        colour = over(colour, np.zeros(3) + 0.05, cover(r - inner * 0.5, px))
        for k in range(4):
            radius = inner * (1 - 0.16 * k)
            ring = np.abs(r - radius) - 0.04
            height = np.where(ring < 0, dome(ring, 0.04) * 0.05 + 0.06, height)
    else:
        count = int(rng.integers(2, 5))
        step = 2 * inner / count
        x, y = u - (np.round(u / step - 0.5) + 0.5) * step, v - (np.round(v / step - 0.5) + 0.5) * step
        knob = np.where((np.abs(u) < inner) & (np.abs(v) < inner), np.hypot(x, y) - step * 0.33, 1)
        colour = over(colour, palette(rng, 1)[0], cover(knob, px))
        height = np.where(knob < 0, 0.1 + dome(knob, step * 0.2) * 0.1, height)
    inset = 0.1
    for x in (-1, 1):
        for y in (-1, 1):
            a, b = u - x * (half_w - inset), v - y * (half_h - inset)
            ang = rng.uniform(0, 3)
            six_sided = np.maximum(np.abs(a), np.abs(a) * 0.5 + np.abs(b) * 0.87)
            head = (np.hypot(a, b) if rng.random() < 0.5 else six_sided) - 0.06
            slot = np.abs(a * np.sin(ang) + b * np.cos(ang)) - 0.012
            if corner < 0.2:
                colour = over(
                    colour * (1 - 0.5 * cover(head - 0.03, 0.06))[..., None], metal * 1.1, cover(head, px)
                )
                colour = over(colour, metal * 0.2, cover(np.maximum(slot, head), px))
                height = np.where(head < 0, 0.12 + dome(head, 0.05) * 0.03, height)
    rust = np.clip(noise(rng, size, 1.6) * 5 - rng.uniform(2, 4.5), 0, 1)
    colour = over(colour, np.array([0.45, 0.24, 0.1]), rust * rng.choice([0, 0.6]))
    return height, np.clip(colour, 0, 1), cover(outline, px)


def pipes(rng, picture, light):
    """Pipes, hoses and cables across the canvas, with bends, sleeves and long highlights."""
    side = picture.shape[0]
    x, y = grid(side)
    for _ in range(rng.integers(3, 11)):
        half = np.exp(rng.uniform(np.log(3), np.log(26)))
        count = int(rng.integers(2, 5))
        points = rng.uniform(-30, side + 30, (count, 2))
        if rng.random() < 0.6:
            # Right angles.
            points[1:, 0][::2] = points[:-1, 0][::2]
            points[1:, 1][1::2] = points[:-1, 1][1::2]
        d, along, run = np.full((side, side), 1e9, np.float32), np.zeros((side, side), np.float32), 0.0
        for p, q in zip(points[:-1], points[1:], strict=True):
            near, t = capsule(x, y, *p, *q)
            length = np.hypot(*(q - p))
            along = np.where(near < d, run + t * length, along)
            d, run = np.minimum(d, near), run + length
        ringed, every = rng.choice([0, 0.12, 0.3]), half * rng.choice([0.5, 1, 4, 8])
        sleeve = np.clip(np.cos(along / every * np.pi) * 4 - rng.choice([1, 3]), 0, 1) * ringed
        thick = half * (1 + sleeve)
        height = np.sqrt(np.clip(1 - (d / thick) ** 2, 0, 1)) * thick
        colour = material(rng, side) * (1 - sleeve * 1.5)[..., None]
        options = {
            "light": light,
            "strength": rng.uniform(0.6, 1.1),
            "gloss": rng.choice([0, 0.5, 0.9]),
            "shadow": half / side * rng.uniform(0.4, 1.2),
        }
        place(
            picture,
            side / 2,
            side / 2,
            height * 2 / side,
            np.clip(colour, 0, 1),
            np.clip(thick - d + 0.5, 0, 1),
            options,
        )


def facade(rng, side):
    """Rows of windows in a wall: frames, panes that reflect the sky, sills; seen straight or aslant."""
    full = side * 2
    u, v = grid(full)
    if rng.random() < 0.6:
        top, colour, there = tiles(rng, u + 4096, v + 4096)
    else:
        top, colour, there = noise(rng, full, 1) * 3, material(rng, full), np.ones((full, full), np.float32)
    wall = over(colour * 0 + palette(rng, 1)[0] * 0.7, colour, there)
    picture = lit(top * 1.5 * there, wall, -rng.uniform(0.5, 2.5), 0.8)
    sky = coloured(rng, noise(rng, full, rng.uniform(1.4, 2.4)))
    step_x, step_y = rng.uniform(80, 300, 2)
    w, h = step_x * rng.uniform(0.35, 0.75), step_y * rng.uniform(0.4, 0.8)
    frame_colour, bars = palette(rng, 1)[0] * 0.5 + rng.choice([0, 0.5]), rng.integers(0, 4, 2)
    frame, deep = min(w, h) * rng.uniform(0.04, 0.12), rng.uniform(3, 12)
    arched, shutters, sill = rng.random() < 0.25, rng.random() < 0.25, rng.random() < 0.6
    shutter_colour = palette(rng, 1)[0]

    def cut(x0, y0, x1, y1):
        return slice(max(int(y0), 0), max(int(y1), 0)), slice(max(int(x0), 0), max(int(x1), 0))

    for y in np.arange(rng.uniform(-step_y, 0) + 20, full, step_y):
        for x in np.arange(rng.uniform(-5, 5) + 20 - step_x, full, step_x):
            area = cut(x, y, x + w, y + h)
            if 0 in picture[area].shape[:2]:
                continue
            glass = np.roll(sky, rng.integers(0, 60, 2), (0, 1))[area] * rng.uniform(0.15, 1)
            gx, gy = u[area] - x, v[area] - y
            glass = glass * (0.5 + 0.8 * np.clip((gx + gy) / (w + h), 0, 1))[..., None]
            if rng.random() < 0.3:
                curtain = palette(rng, 1)[0] * (0.8 + 0.2 * np.sin(gx / 3))[..., None]
                glass = np.where((gx < w * rng.uniform(0.15, 0.4))[..., None], curtain, glass)
            # The reveal throws its shadow on the panes.
            shadow = np.clip(np.minimum(gx, gy) / (deep * 2), 0.35, 1)
            edge = np.minimum(np.minimum(gx, w - gx), np.minimum(gy, h - gy)) - frame
            for count, along, length in ((bars[0], gx, w), (bars[1], gy, h)):
                for k in range(count):
                    edge = np.minimum(edge, np.abs(along - length * (k + 1) / (count + 1)) - frame * 0.35)
            rounding = 1 + 0.25 * np.cos(np.clip(edge, -frame, 0) / frame * np.pi)
            wood = frame_colour * rounding[..., None]
            mix = np.clip(edge + 0.5, 0, 1)[..., None]
            shown = (wood * (1 - mix) + glass * mix) * shadow[..., None]
            if arched:
                round_ = np.hypot(gx - w / 2, np.minimum(gy - w / 2, 0)) < w / 2
                shown = np.where(round_[..., None], shown, picture[area])
            picture[area] = np.clip(shown, 0, 1)
            if sill:
                picture[cut(x - w * 0.06, y + h, x + w * 1.06, y + h + frame * 1.5)] = np.clip(
                    frame_colour * 1.1, 0, 1
                )
                below = cut(x - w * 0.04, y + h + frame * 1.5, x + w * 1.1, y + h + frame * 1.5 + deep * 1.5)
                picture[below] *= 0.5
            if shutters:
                for left in (x - w * 0.42, x + w * 1.02):
                    leaf = cut(left, y, left + w * 0.4, y + h)
                    slat = 0.6 + 0.4 * ((v[leaf] / max(4, frame)) % 1)
                    picture[leaf] = np.clip(shutter_colour * slat[..., None], 0, 1)
    return slanted(rng, picture, side)


def slanted(rng, picture, side):
    """A flat picture cut to `side`, seen straight or in perspective."""
    full = picture.shape[0]
    scale = rng.uniform(1, full / side)
    half = side * scale / 2 - 1
    corners = np.array([[-half, -half], [-half, half], [half, half], [half, -half]])
    corners = corners * (1 - rng.choice([0, 0.25, 0.5]) * rng.uniform(0, 1, (4, 1)))
    turn = rng.normal(0, 0.08)
    corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = np.clip(corners + full / 2, 0, full - 1)
    image = to_image(picture).transform((side, side), Image.QUAD, corners.ravel().tolist(), Image.BICUBIC)
    return to_array(image)


def glyph(rng, draw, x, y, size, ink, width):
    """A sign of the canvas's own: three to five strokes and arcs on a coarse grid."""
    for _ in range(rng.integers(2, 5)):
        a, b = rng.integers(0, 3, 2) / 2 * size * 0.7, rng.integers(0, 3, 2) / 2 * size
        if rng.random() < 0.35:
            box_ = [x + min(a), y + min(b), x + max(a) + size * 0.2, y + max(b) + size * 0.2]
            draw.arc(box_, *sorted(rng.uniform(0, 360, 2)), fill=ink, width=width)
        else:
            draw.line([x + a[0], y + b[0], x + a[1], y + b[1]], fill=ink, width=width)


def writing(rng, side, photos):
    """Letters and words in lines: printed, carved or raised, on paper, wood, stone or a sign."""
    full = side * 2
    mask = Image.new("L", (full, full))
    draw = ImageDraw.Draw(mask)
    size = np.exp(rng.uniform(np.log(20), np.log(230)))
    own = rng.random() < 0.35
    size = min(size, 110) if own else size
    width = max(1, int(size * rng.uniform(0.05, 0.16)))
    bold = max(0, int(size * rng.choice([0, 0, 0.03, 0.06])))
    letters = rng.choice(
        [
            string.ascii_letters,
            string.ascii_lowercase,
            string.ascii_uppercase,
            string.digits + string.punctuation,
        ]
    )
    y = rng.uniform(-size, size)
    while y < full:
        height = size * rng.choice([1, 1, 1, 0.6, 1.8])
        font = ImageFont.load_default(float(height))
        x = rng.uniform(-size, size * 2)
        while x < full:
            if own:
                for _ in range(rng.integers(1, 9)):
                    glyph(rng, draw, x, y + height * 0.2, height * 0.75, 255, width)
                    x += height * 0.75
            else:
                word = "".join(letters[k] for k in rng.integers(len(letters), size=rng.integers(1, 11)))
                draw.text((x, y), word, fill=255, font=font, stroke_width=bold)
                x += draw.textlength(word, font=font)
            x += height * rng.uniform(0.2, 0.8)
        y += height * rng.uniform(1, 1.6)
    ink = to_array(mask)
    paper = background(rng, side, photos) if rng.random() < 0.5 else material(rng, side)
    paper = to_array(to_image(paper).resize((full, full), Image.BILINEAR))
    tone = np.clip(palette(rng, 1)[0], 0, 1)
    if abs(tone.mean() - paper.mean()) < 0.3:
        tone = tone * 0.15 if paper.mean() > 0.45 else tone * 0.3 + 0.7
    relief_ = rng.choice([0, 0, -1, 1]) * rng.uniform(2, 8)
    soft = blurred(ink, abs(relief_) * 0.4 + 0.5)
    worn = np.clip(noise(rng, full, 1.2) * 4 - rng.uniform(-2.5, 1), 0, 1)
    picture = paper
    if relief_ > 0:
        shadow = blurred(ink, relief_) * 0.5
        picture = picture * (1 - np.roll(shadow, (int(relief_), int(relief_)), (0, 1)))[..., None]
    picture = over(picture, tone, ink * worn * (rng.uniform(0.3, 1) if relief_ else 1))
    if relief_:
        picture = lit(soft * relief_ * 2, picture, rng.uniform(0, 6.28), 0.9, rng.choice([0, 0.4]))
    return slanted(rng, picture, side)


def ball(rng, size):
    """Balls and fruits: round, a pattern running round them, a dent with a stem at times."""
    u, v, px = window(size, rng.uniform(0, 6.28))
    squash = rng.uniform(0.75, 1)
    r = np.hypot(u, v / squash) / 0.95
    z = np.sqrt(np.clip(1 - r * r, 0, 1))
    lean = rng.uniform(-1, 1)
    y, depth = v * np.cos(lean) - z * np.sin(lean), v * np.sin(lean) + z * np.cos(lean)
    around = np.arctan2(u, depth)
    colour, kind = material(rng, size), rng.random()
    count = int(rng.integers(3, 14))
    if kind < 0.3:
        colour = over(colour, palette(rng, 1)[0], np.clip(np.sin(around * count) * rng.uniform(1, 6), 0, 1))
    elif kind < 0.5:
        colour = over(colour, palette(rng, 1)[0], np.clip(np.sin(y * count * 2) * rng.uniform(1, 6), 0, 1))
    elif kind < 0.65:
        colour = over(colour, palette(rng, 1)[0], np.sin(around * count) * np.sin(y * count * 1.5) > 0)
    elif kind < 0.85:
        flush = np.clip(noise(rng, size, 2)[..., None] * 3 - 1, 0, 1) * palette(rng, 1)[0]
        colour = colour * 0.6 + flush * 0.5
    height = z * 0.9
    if rng.random() < 0.4:
        dent = np.hypot(around, y + 0.75) / 0.35
        height = height - 0.15 * np.exp(-(dent**2))
        colour = colour * (1 - 0.4 * np.exp(-(dent**2)))[..., None]
    # The rim turns away from the eye and mirrors what lies around.
    colour = colour * (0.55 + 0.45 * z**0.5)[..., None]
    return height + (noise(rng, size, 0.6) - 0.5) * rng.choice([0, 0.03]), colour, cover((r - 1) * 0.95, px)


def crate(rng, size):
    """A box seen on an edge: two sides and the lid, with boards, a frame or a mark, each lit for itself."""
    u, v, px = window(size, rng.normal(0, 0.15))
    slope, lid, base = rng.uniform(0.15, 0.5), rng.uniform(0.3, 0.6), rng.uniform(0.55, 0.9)
    seam, half = rng.uniform(-0.3, 0.3), 0.85
    left = u < seam
    along = np.where(left, (seam - u) / (half + seam), (u - seam) / (half - seam))
    edge = lid * 0.5 - slope * along * 0.9 - 0.2
    down = (v - edge) / base
    wall = np.maximum(np.maximum(along - 1, -down), down - 1 + 0.15 * along)
    # The lid: how far along the right edge (a) and along the left edge (b), from the top of the seam.
    back = (lid * 0.5 - 0.2 - v) / (slope * 0.9)
    a = (u - seam + (half + seam) * back) / (2 * half)
    b = back - a
    cap = np.maximum(np.maximum(-a, a - 1), np.maximum(-b, b - 1))
    s, t = np.where(cap < 0, a, along), np.where(cap < 0, b, down)
    boards, gap = int(rng.integers(1, 8)), rng.uniform(0.02, 0.08)
    line = np.abs(t * boards - np.round(t * boards)) / boards
    frame = rng.uniform(0.05, 0.2) if rng.random() < 0.6 else 0
    inner = np.minimum(np.minimum(s, 1 - s), np.minimum(t, 1 - t))
    colour = material(rng, size) * (0.85 + 0.3 * np.sin(np.floor(t * boards) * 37.1))[..., None]
    colour = colour * (1 - 0.7 * np.exp(-((line / gap * 2) ** 2)) * (inner > frame))[..., None]
    if frame:
        border = np.exp(-(((inner - frame) / 0.015) ** 2))
        colour = over(colour, material(rng, size), (inner < frame) * 1.0) * (1 - 0.6 * border)[..., None]
    if rng.random() < 0.4:
        mark = np.hypot(s - 0.5, t - 0.5)
        colour = over(colour, palette(rng, 1)[0], (np.abs(mark - 0.22) < rng.uniform(0.02, 0.22)) * 0.9)
    light = rng.permutation([1.15, 0.75, 0.45])
    shade = np.where(cap < 0, light[0], np.where(left, light[1], light[2]))
    colour = colour * (shade * (1 - 0.3 * np.exp(-((inner / 0.03) ** 2))))[..., None]
    return (
        noise(rng, size, 1) * rng.choice([0, 0.015, 0.03]),
        colour,
        np.maximum(cover(wall, px * 2), cover(cap, px * 4)),
    )


def shell(rng, size):
    """Snail shells, horns and rolls: a tube that winds inwards."""
    u, v, _ = window(size, rng.uniform(0, 6.28))
    v = v / rng.uniform(0.7, 1) * rng.choice([-1, 1])
    r, phi = np.hypot(u, v) + 1e-4, np.arctan2(v, u)
    growth = rng.uniform(0.08, 0.2)
    turns = (np.log(r / 0.95) / growth - phi) / (2 * np.pi)
    whorl = np.ceil(turns + 0.5)
    across = whorl - turns - 0.5
    angle = phi + 2 * np.pi * whorl
    there = whorl <= 0
    ratio = np.exp(-2 * np.pi * growth)
    width = r * (1 - ratio) * 0.6
    profile = np.clip(1 - np.abs(across * 2) ** 2, 0, 1)
    ribs = np.cos(angle * rng.integers(4, 30)) * rng.choice([0, 0.08, 0.2])
    height = np.sqrt(profile) * width * (1 + ribs)
    colour = material(rng, size)
    bands = np.sin(angle * rng.integers(2, 16)), np.cos(across * rng.uniform(6, 20))
    for band in bands:
        colour = over(colour, palette(rng, 1)[0], np.clip(band * 3, 0, 1) * rng.choice([0, 0.8]))
    colour = colour * (0.3 + 0.7 * profile**0.5)[..., None]
    return height, colour, blurred(there.astype(np.float32), 0.7)


THINGS = (wheel, vessel, vessel, plate, flower, flower, hand, machine, ball, crate, shell)


def still_life(rng, side, photos):
    """Several things over a background: mostly of one or two kinds, large before small, overlapping."""
    picture = background(rng, side, photos)
    light = rng.uniform(0, 2 * np.pi)
    kinds = [THINGS[k] for k in rng.integers(len(THINGS), size=rng.integers(1, 4))]
    if rng.random() < 0.2:
        pipes(rng, picture, light)
    largest = np.exp(rng.uniform(np.log(90), np.log(side * 1.2)))
    count = int(np.clip(rng.uniform(1.5, 5) * (side / largest) ** 2, 3, 34))
    for _ in range(count):
        size = int(np.clip(largest * rng.uniform(0.5, 1), 40, side * 1.2))
        height, colour, there = kinds[rng.integers(len(kinds))](rng, size)
        options = {
            "light": light,
            "strength": rng.uniform(0.5, 1.1),
            "gloss": rng.choice([0, 0, 0.3, 0.8]),
            "shadow": rng.uniform(0.01, 0.1),
        }
        x, y = rng.uniform(0.05, 0.95, 2) * side
        place(picture, x, y, height, np.clip(colour, 0, 1), there, options)
    return picture


def piping(rng, side, photos):
    """Pipes, with machines and wheels on them."""
    picture = background(rng, side, photos)
    light = rng.uniform(0, 2 * np.pi)
    pipes(rng, picture, light)
    for _ in range(rng.integers(1, 7)):
        size = int(rng.uniform(50, side * 0.6))
        height, colour, there = (machine, wheel)[rng.integers(2)](rng, size)
        options = {
            "light": light,
            "strength": 0.9,
            "gloss": rng.choice([0, 0.5]),
            "shadow": rng.uniform(0.02, 0.06),
        }
        place(picture, *rng.uniform(0, side, 2), height, np.clip(colour, 0, 1), there, options)
    return picture


def objects(rng, side, photos):
    """Things with an inside and an outside, shaded, over each other and over a background."""
    kind = rng.random()
    if kind < 0.66:
        picture = still_life(rng, side, photos)
    elif kind < 0.77:
        picture = facade(rng, side)
    elif kind < 0.88:
        picture = writing(rng, side, photos)
    else:
        picture = piping(rng, side, photos)
    return exposed(rng, picture)
