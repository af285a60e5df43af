"""Canvases of heads: animals and people over a background, with all proportions varied.

A head is drawn upright in a square window whose places run from -1 to 1 (see canvases_objects), then turned.
"""

import numpy as np
from PIL import Image, ImageDraw

from canvases_objects import background, blend, box, capsule, cover, dome, over
from drawing import (
    blurred,
    coloured,
    draw_eye,
    exposed,
    grid,
    lit,
    noise,
    palette,
    stroke,
    to_array,
    to_image,
)


def fur_colour(rng, size):
    """Colours of a coat, mostly the same left and right: plain, patched, striped, spotted, masked."""
    naturals = np.array(
        [
            [0.85, 0.72, 0.55],
            [0.55, 0.38, 0.22],
            [0.3, 0.2, 0.13],
            [0.9, 0.88, 0.84],
            [0.12, 0.11, 0.11],
            [0.75, 0.45, 0.2],
            [0.5, 0.48, 0.46],
            [0.8, 0.62, 0.36],
            [0.6, 0.3, 0.15],
        ]
    )
    colours = naturals[rng.permutation(9)[:3]] if rng.random() < 0.7 else palette(rng, 3)
    colours = np.clip(colours * rng.uniform(0.8, 1.15), 0, 1)
    x, y = grid(size)
    u, v = (x + 0.5) * 2 / size - 1, (y + 0.5) * 2 / size - 1
    field = noise(rng, size, rng.uniform(1.4, 2.4))
    if rng.random() < 0.75:
        field = (field + field[:, ::-1]) / 2
    coat, kind = np.broadcast_to(colours[0], (size, size, 3)), rng.random()
    if kind < 0.3:
        share = np.clip((field - rng.uniform(0.4, 0.6)) * rng.uniform(5, 30), 0, 1)
    elif kind < 0.5:
        share = np.clip(
            np.sin((np.hypot(np.abs(u) - rng.uniform(0, 1), v) + field * 0.5) * rng.uniform(15, 45)), 0, 1
        )
    elif kind < 0.65:
        share = np.clip(
            np.cos(u * rng.uniform(15, 40) + field * 20) * np.cos(v * rng.uniform(15, 40)) * 3, 0, 1
        )
    else:
        share = np.zeros((size, size))
    coat = over(coat, colours[1], share)
    if rng.random() < 0.5:
        # A pale or dark muzzle and blaze.
        blaze = np.minimum(
            np.hypot(u / rng.uniform(0.25, 0.45), (v - 0.4) / 0.35) - 1,
            np.abs(u) / rng.uniform(0.05, 0.3) + np.maximum(v - 0.3, 0) * 3 - 1,
        )
        coat = over(coat, colours[2], np.clip(0.5 - blaze * 3, 0, 1))
    return (coat * (0.8 + 0.4 * noise(rng, size, 1.2)[..., None])).astype(np.float32)


def outline_of(rng, u, v, jaw, long):
    """Distance to the outline of a head: an egg, wider or narrower below, more or less square."""
    widths = 1 + (jaw - 1) * np.clip((v + 0.3) * 0.9, -0.5, 1)
    power = rng.uniform(1.8, 2.8)
    x, y = np.abs(u) / np.maximum(0.58 * widths, 0.1), np.abs(v) / long
    return ((x**power + y**power) ** (1 / power) - 1) * 0.5


def ear_shapes(rng, u, v, long):
    """A pair of ears: pointed, round, long, hanging or none; outer distance and distance of the inside."""
    kind = rng.choice(["pointed", "pointed", "round", "round", "long", "hanging", "none"])
    x, y, a = np.abs(u), v, rng.uniform(0.25, 0.45)
    if kind == "none":
        return np.ones_like(u), np.ones_like(u)
    if kind == "pointed":
        tip_x, tip_y, root = rng.uniform(0.3, 0.65), -rng.uniform(0.8, 0.97), rng.uniform(0.16, 0.26)
        d, t = capsule(x, y, a, -long * 0.6, tip_x, tip_y)
        outer = d - root * (1 - t) ** rng.uniform(0.5, 0.9)
        return outer, d - root * 0.6 * (1 - t * 1.1).clip(0)
    if kind == "round":
        r, ex, ey = rng.uniform(0.13, 0.27), rng.uniform(0.35, 0.6), -rng.uniform(0.35, 0.7)
        d = np.hypot(x - ex, (y - ey) * rng.uniform(0.8, 1.2))
        return d - r, d - r * 0.65
    if kind == "long":
        d, t = capsule(x, y, a * 0.7, -long * 0.6, rng.uniform(0.15, 0.5), -0.85)
        half = 0.08 + rng.uniform(0.03, 0.08) * np.sin(np.pi * t)
        return d - half, d - half * 0.55
    d, t = capsule(x, y, 0.42, -long * 0.55, rng.uniform(0.6, 0.75), rng.uniform(-0.1, 0.4))
    return d - 0.1 - 0.08 * t, np.ones_like(u)


def hairs(rng, image, mask, coat, options):
    """Thousands of hairs that run away from the middle of the face, beyond its outline too; picture, mask."""
    size, d, length, width = coat.shape[0], options["outline"], options["length"], options["width"]
    image, mask = (part.resize((size * 2, size * 2), Image.BILINEAR) for part in (image, mask))
    draw, onto = ImageDraw.Draw(image), ImageDraw.Draw(mask)
    count = int(np.clip(3 * size * size / (length * width), 300, min(5000, 14 * size)))
    edge, disorder = 0.02, rng.uniform(0.1, 0.5)
    px, py = rng.uniform(0, size, (2, count))
    reached = np.array([d[int(b), int(a)] for a, b in zip(px, py, strict=True)])
    # From the rim inwards, so that the hairs of the middle lie over those of the rim.
    for k in np.argsort(-reached):
        if reached[k] > edge:
            continue
        x, y = px[k], py[k]
        u, v = x * 2 / size - 1, y * 2 / size - 1
        angle = np.arctan2(v - 0.15, u) + rng.normal(0, disorder)
        tone = coat[int(y), int(x)] * np.exp(rng.normal(0, 0.2))
        # Short in the face, long at the rim.
        own = length * rng.uniform(0.5, 1.3) * (0.35 + 0.65 * np.clip(1 + reached[k] / 0.3, 0, 1))
        shape = (x, y, angle, own, width * rng.uniform(0.6, 1.3), rng.normal(0, 0.3))
        stroke(draw, *shape, tone, 2)
        if reached[k] > -0.06:
            stroke(onto, *shape, [1], 2)
    return tuple(part.resize((size, size), Image.BOX) for part in (image, mask))


def eye_pair(rng, image, options):
    """Two eyes alike, mirrored in their slant; the sockets are shaded first."""
    size, spacing, level, radius = (options[k] for k in ("size", "spacing", "level", "radius"))
    seed = rng.integers(2**31)
    for sign in (-1, 1):
        x, y = (1 + sign * spacing) * size / 2, (1 + level) * size / 2
        draw_eye(np.random.default_rng(seed), image, x, y, radius * size / 2, sign * options["turn"])


def animal(rng, size):
    """An animal's head: picture, mask."""
    x, y = grid(size)
    u, v, px = (x + 0.5) * 2 / size - 1, (y + 0.5) * 2 / size - 1, 2 / size
    jaw, long = rng.uniform(0.45, 1.1), rng.uniform(0.5, 0.8)
    face = outline_of(rng, u, v, jaw, long)
    ear, inner_ear = ear_shapes(rng, u, v, long)
    coat = fur_colour(rng, size)
    light = rng.uniform(-2.6, -0.5)
    behind = rng.random() < 0.7
    pink = np.array([0.75, 0.5, 0.45]) * rng.uniform(0.4, 1.2)
    colour = over(coat, pink, cover(inner_ear, 0.06) * 0.8)
    height = dome(ear, 0.15) * 0.08 - cover(inner_ear, 0.1) * 0.08
    if behind:
        colour = over(
            colour * (1 - 0.5 * cover(face - 0.04, 0.1) * (ear < 0))[..., None], coat, cover(face, px)
        )
        height = np.where(face < 0, 0, height)
    body = dome(face, 0.45) * rng.uniform(0.25, 0.5)
    height = np.maximum(height, body) if behind else np.where(ear < 0, height + 0.1, body)
    muzzle_y, muzzle_w = rng.uniform(0.15, 0.4), rng.uniform(0.18, 0.38)
    muzzle = np.hypot(u / muzzle_w, (v - muzzle_y) / rng.uniform(0.15, 0.3)) - 1
    height = height + dome(muzzle * muzzle_w, muzzle_w) * rng.uniform(0.05, 0.25)
    spacing, level, radius = rng.uniform(0.18, 0.42), rng.uniform(-0.3, 0.05), rng.uniform(0.05, 0.17)
    socket = np.hypot(np.abs(u) - spacing, v - level) / radius
    colour = colour * (1 - rng.uniform(0.1, 0.6) * np.exp(-((socket / 1.5) ** 2)))[..., None]
    height = height - np.exp(-((socket / 1.6) ** 2)) * 0.06
    shown = lit((height * size / 2).astype(np.float32), np.clip(colour, 0, 1), light, 0.8)
    outline = np.minimum(face, ear)
    if rng.random() < 0.6:
        # The neck, in the shade of the head.
        neck = (np.hypot(u / rng.uniform(0.4, 0.7), (v - 1) / rng.uniform(0.4, 0.8)) - 1) * 0.5
        shade = np.clip(0.3 + np.minimum(face, ear) * 2, 0.25, 0.9)[..., None]
        shown = over(shown, coat[::-1] * shade, cover(neck, px) * (1 - cover(outline, px))).astype(np.float32)
        outline = np.minimum(outline, neck)
    mask = Image.fromarray((cover(outline, px) * 255).astype(np.uint8))
    image = to_image(shown)
    kind = rng.random()
    if kind < 0.75:
        options = {
            "outline": outline,
            "length": size * rng.uniform(0.03, 0.14),
            "width": max(0.8, size * rng.uniform(0.003, 0.009)),
        }
        image, mask = hairs(rng, image, mask, shown, options)
    elif kind < 0.9:
        # A hide of scales or warts.
        rough = noise(rng, size, rng.uniform(0.3, 1))
        image = to_image(lit(rough * size * 0.05, shown, light, 0.9, rng.choice([0, 0.5])))
    eye_pair(
        rng,
        image,
        {"size": size, "spacing": spacing, "level": level, "radius": radius, "turn": rng.normal(0, 0.25)},
    )
    snout(rng, image, {"size": size, "y": muzzle_y, "half": muzzle_w})
    return image, mask


def snout(rng, image, options):
    """Nose with nostrils and shine, mouth (shut, open or a beak), whiskers."""
    size, y, half = options["size"], options["y"], options["half"]
    zoom = 3
    layer = Image.new("RGBA", (size * zoom, size * zoom))
    draw = ImageDraw.Draw(layer)

    def at(u, v):
        return (u + 1) * size * zoom / 2, (v + 1) * size * zoom / 2

    def oval(u, v, a, b, tone):
        draw.ellipse([*at(u - a, v - b), *at(u + a, v + b)], fill=tone)

    dark = tuple(int(c * 255) for c in np.clip(palette(rng, 1)[0] * 0.25, 0, 1))
    thick = max(2, int(size * zoom * rng.uniform(0.006, 0.014)))
    nose_y, wide, tall = y - rng.uniform(0, 0.12), half * rng.uniform(0.25, 0.7), half * rng.uniform(0.2, 0.5)
    kind = rng.random()
    if kind < 0.15:
        # A beak in two halves.
        tone = np.clip(palette(rng, 1)[0] * 0.5 + np.array([0.5, 0.35, 0.05]), 0, 1)
        drop = half * rng.uniform(0.8, 1.8)
        for share, part in ((0.55, 0.85), (1.0, 0.0)):
            points = [
                at(-wide * 1.3, nose_y),
                at(0, nose_y - tall),
                at(wide * 1.3, nose_y),
                at(wide * part * 0.3, nose_y + drop * share),
                at(0, nose_y + drop * (share + 0.15)),
            ]
            draw.polygon(points, fill=tuple(int(c * 255 * (0.6 if part else 1)) for c in tone))
        draw.polygon(
            [at(0, nose_y - tall), at(wide * 1.3, nose_y), at(0, nose_y + drop)],
            fill=tuple(int(c * 255 * 0.75) for c in tone),
        )
        for sign in (-1, 1):
            oval(sign * wide * 0.4, nose_y, wide * 0.12, tall * 0.15, dark)
    else:
        pink = rng.random() < 0.4
        tone = (200, 120, 115) if pink else tuple(min(255, c + 20) for c in dark)
        corners = [
            at(-wide, nose_y - tall * 0.6),
            at(0, nose_y - tall * 0.9),
            at(wide, nose_y - tall * 0.6),
            at(wide * 0.7, nose_y + tall * 0.1),
            at(0, nose_y + tall),
            at(-wide * 0.7, nose_y + tall * 0.1),
        ]
        if rng.random() < 0.6:
            draw.polygon(corners, fill=tone)
            draw.line([*corners, corners[0], corners[1]], fill=tone, width=thick * 4, joint="curve")
        else:
            oval(0, nose_y, wide, tall, tone)
        for sign in (-1, 1):
            oval(sign * wide * 0.45, nose_y + tall * 0.1, wide * 0.2, tall * 0.22, (15, 8, 8))
        oval(-wide * 0.2, nose_y - tall * 0.5, wide * 0.35, tall * 0.14, (255, 255, 255, 130))
        mouth_y = nose_y + tall + half * rng.uniform(0.1, 0.35)
        if rng.random() < 0.3:
            # Open: dark throat, tongue, teeth.
            a, b = half * rng.uniform(0.5, 0.9), half * rng.uniform(0.3, 0.7)
            oval(0, mouth_y + b * 0.8, a, b, (45, 12, 14))
            oval(0, mouth_y + b * 1.2, a * 0.6, b * 0.5, (190, 80, 85))
            if rng.random() < 0.6:
                for tooth in np.linspace(-0.6, 0.6, int(rng.integers(2, 9))):
                    points = [
                        at(a * tooth - a * 0.1, mouth_y + b * 0.1),
                        at(a * tooth + a * 0.1, mouth_y + b * 0.1),
                        at(a * tooth, mouth_y + b * 0.6),
                    ]
                    draw.polygon(points, fill=(238, 232, 215))
        draw.line([at(0, nose_y + tall), at(0, mouth_y)], fill=dark, width=thick)
        bend = rng.uniform(-0.1, 0.35) * half
        for sign in (-1, 1):
            t = np.linspace(0, 1, 12)
            points = [at(sign * half * 0.9 * s, mouth_y + bend * np.sin(np.pi * min(1, s * 1.3))) for s in t]
            draw.line(points, fill=dark, width=thick, joint="curve")
        if rng.random() < 0.5:
            tone = (245, 242, 235, 230) if rng.random() < 0.7 else (25, 20, 18, 230)
            reach, droop = rng.uniform(0.4, 0.8), rng.uniform(-0.2, 0.3)
            for sign in (-1, 1):
                for k in range(int(rng.integers(3, 7))):
                    slope = rng.normal(0, 0.25)
                    points = [
                        at(
                            sign * (half * 0.5 + reach * s),
                            y + 0.02 * k + reach * (slope * s + droop * s * s),
                        )
                        for s in np.linspace(0, 1, 8)
                    ]
                    draw.line(points, fill=tone, width=max(1, thick // 3))
                for _ in range(6):
                    oval(sign * rng.uniform(0.2, 0.7) * half, y + rng.uniform(0, 0.12), 0.008, 0.008, dark)
    layer = layer.resize((size, size), Image.BOX)
    image.paste(layer, (0, 0), layer)


def person(rng, size):
    """A person's head: skin, hair, brows, nose, lips; picture, mask."""
    x, y = grid(size)
    u, v, px = (x + 0.5) * 2 / size - 1, (y + 0.5) * 2 / size - 1, 2 / size
    crooked = rng.normal(0, 0.06)
    face = outline_of(
        rng, u / rng.uniform(0.85, 1.05), v - 0.1, rng.uniform(0.6, 0.95), rng.uniform(0.62, 0.78)
    )
    skin = np.array([0.95, 0.74, 0.6]) * rng.uniform(0.22, 1) ** np.array([0.8, 1, 1.15])
    if rng.random() < 0.1:
        skin = palette(rng, 1)[0]
    field = noise(rng, size, 1.5)[..., None]
    colour = skin * (0.9 + 0.2 * field) * (1 + 0.03 * (noise(rng, size, 0.3)[..., None] - 0.5))
    red = np.array([1.05, 0.82, 0.8])
    level, spacing, radius = rng.uniform(-0.08, 0.06), rng.uniform(0.17, 0.24), rng.uniform(0.075, 0.11)
    cheeks = np.exp(-((np.hypot(np.abs(u) - 0.3, v - 0.28) / 0.14) ** 2))[..., None]
    colour = colour * (1 - cheeks * rng.uniform(0, 1) * (1 - red))
    ears = np.hypot((np.abs(u) - 0.53) / 0.09, (v - 0.1) / 0.17) - 1
    height = dome(face, 0.5) * 0.4
    nose_y, nose_w = rng.uniform(0.25, 0.34), rng.uniform(0.06, 0.11)
    ridge, t = capsule(u, v, 0, level, crooked, nose_y)
    height = height + np.exp(-((ridge / (0.03 + nose_w * 0.6 * t)) ** 2)) * 0.09
    for sign in (-1, 1):
        wing = np.hypot(u - crooked - sign * nose_w * 0.8, v - nose_y - 0.02)
        height = height + np.exp(-((wing / (nose_w * 0.5)) ** 2)) * 0.03
        nostril = np.hypot(u - crooked - sign * nose_w * 0.5, (v - nose_y - 0.055) * 1.6) - nose_w * 0.28
        colour = colour * (1 - 0.75 * cover(nostril, 0.015))[..., None]
    socket = np.hypot((np.abs(u) - spacing) / 1.3, v - level) / radius
    height = height - np.exp(-((socket / 1.5) ** 2)) * 0.05
    colour = colour * (1 - 0.25 * np.exp(-((socket / 1.4) ** 2)))[..., None]
    mouth_y, mouth_w, full = rng.uniform(0.46, 0.54), rng.uniform(0.13, 0.22), rng.uniform(0.025, 0.06)
    smile = rng.uniform(-0.3, 0.9)
    line = v - mouth_y + smile * (u / mouth_w) ** 2 * 0.04 + 0.01 * np.cos(u / mouth_w * 6)
    taper = np.sqrt(np.clip(1 - (u / mouth_w) ** 2, 0, 1))
    lips = np.where(np.abs(u) < mouth_w, np.abs(line) - full * taper, 1)
    lip_colour = skin * np.array([0.9, 0.55, 0.55]) if rng.random() < 0.7 else palette(rng, 1)[0]
    colour = over(colour, lip_colour, cover(lips, 0.02))
    height = height + np.where(lips < 0, dome(lips, full) * 0.03, 0)
    gap = np.where(
        np.abs(u) < mouth_w * 0.95, np.abs(line) - taper * rng.choice([0.006, 0.006, full * 0.6]), 1
    )
    teeth = gap + 0.01
    colour = over(colour, np.array([0.15, 0.05, 0.05]), cover(gap, px * 1.5))
    colour = over(
        colour,
        np.array([0.92, 0.9, 0.85]) * (0.85 + 0.15 * np.cos(u * 120))[..., None] ** 0.5,
        cover(teeth, px) * (line < full * 0.3),
    )
    light = rng.uniform(-2.8, -0.3)
    ear_share = cover(ears, px) * (1 - cover(face, px))
    colour = colour * (1 - 0.3 * ear_share * np.clip(1 + ears * 3, 0, 1))[..., None]
    shown = lit(
        (height * size / 2).astype(np.float32),
        np.clip(colour, 0, 1),
        light,
        rng.uniform(0.5, 1.1),
        rng.choice([0, 0.1]),
    )
    # Neck and shoulders in a garment of some colour.
    neck = np.minimum(box(u, v - 0.8, 0.24, 0.3, 0.05), np.hypot(u / 0.9, (v - 1.25) / 0.5) - 1)
    garment = (
        coloured(rng, noise(rng, size, 1.8)) * np.clip(0.8 - u * np.cos(light) * -0.4, 0.3, 1.2)[..., None]
    )
    lower = np.where(
        (np.abs(u) < 0.24)[..., None] & (v < 0.85)[..., None], skin * (0.45 + 0.3 * v)[..., None], garment
    )
    shown = over(lower, shown, np.maximum(cover(face, px), ear_share))
    share = np.maximum(np.maximum(cover(face, px), cover(ears, px)), cover(neck, px))
    image, mask = to_image(shown), Image.fromarray((share * 255).astype(np.uint8))
    eye_pair(rng, image, {"size": size, "spacing": spacing, "level": level, "radius": radius, "turn": 0.0})
    tone = np.array(
        [[0.08, 0.06, 0.05], [0.3, 0.18, 0.09], [0.8, 0.65, 0.35], [0.55, 0.25, 0.1], [0.7, 0.68, 0.66]]
    )
    tone = tone[rng.integers(5)] if rng.random() < 0.85 else palette(rng, 1)[0]
    return hairdo(
        rng, image, mask, {"size": size, "tone": tone, "level": level - radius * 1.5, "spacing": spacing}
    )


def hairdo(rng, image, mask, options):
    """Brows, hair of any length or none, a beard at times; picture, mask."""
    size, tone = options["size"], options["tone"]
    image, mask = (part.resize((size * 2, size * 2), Image.BILINEAR) for part in (image, mask))
    draw, onto = ImageDraw.Draw(image), ImageDraw.Draw(mask)
    width = max(0.8, size * rng.uniform(0.003, 0.008))

    def hair(u, v, angle, length, bend, hidden):
        own = tone * np.exp(rng.normal(0, 0.3))
        shape = ((u + 1) * size / 2, (v + 1) * size / 2, angle, length * size / 2, width, bend)
        stroke(draw, *shape, own, 2)
        if not hidden:
            stroke(onto, *shape, [1], 2)

    for sign in (-1, 1):
        for t in rng.uniform(-1, 1, 90):
            hair(
                sign * options["spacing"] + t * 0.13,
                options["level"] - 0.03 * (1 - t * t) + rng.normal(0, 0.012),
                -np.pi / 2 + sign * rng.uniform(0.8, 1.4),
                0.06,
                0,
                True,
            )
    if rng.random() < 0.25:
        for _ in range(700):
            u, v = rng.uniform(-0.45, 0.45), rng.uniform(0.4, 0.85)
            if np.hypot(u / 0.18, (v - 0.5) / 0.06) > 1 and np.hypot(u / 0.5, (v - 0.2) / 0.62) < 1:
                hair(
                    u,
                    v,
                    np.pi / 2 + rng.normal(0, 0.3) + u * -0.5,
                    rng.uniform(0.04, 0.2),
                    rng.normal(0, 0.4),
                    False,
                )
    length, curl, parting = (
        rng.choice([0.15, 0.35, 0.8, 1.3]),
        rng.choice([0.1, 0.3, 2]),
        rng.uniform(-0.3, 0.3),
    )
    bald = rng.random() < 0.12
    line = rng.uniform(-0.5, -0.28)
    for _ in range(0 if bald else int(np.clip(8 * size, 700, 2200))):
        angle = rng.uniform(np.pi * 0.97, np.pi * 2.03)
        reach = rng.uniform(0.75, 1.08)
        u, v = 0.56 * np.cos(angle) * reach, 0.02 + 0.68 * np.sin(angle) * reach
        if v > line and abs(u) < 0.47:
            continue
        away = np.arctan2(v * 0.4 + 0.25 * length, u - parting) + rng.normal(0, 0.2)
        if length > 0.5:
            # Long hair falls at the sides; over the brow it is short.
            away = np.pi / 2 + (-0.35 if u > 0 else 0.35) * rng.uniform(-0.8, 0.6)
            if abs(u) < 0.42 and rng.random() < 0.97:
                hair(
                    u,
                    v,
                    0.4 if u > parting else np.pi - 0.4,
                    0.3 * rng.uniform(0.5, 1),
                    rng.normal(0, 0.3),
                    False,
                )
                continue
        hair(u, v, away, length * rng.uniform(0.5, 1), rng.normal(0, curl), False)
    return tuple(part.resize((size, size), Image.BOX) for part in (image, mask))


def turned(rng, image, mask):
    """A head from before, as if turned a little to one side and up or down: nearer parts are drawn out."""
    size = mask.shape[0]
    x, y = grid(size)
    u, v = x * 2 / size - 1, y * 2 / size - 1
    aside, up, lean = rng.uniform(-0.4, 0.4), rng.uniform(-0.25, 0.25), rng.uniform(-0.15, 0.15)
    a, b = u + aside * (1 - u * u) + lean * v, v + up * (1 - v * v)
    column, row = ((np.clip(p, -1, 1) + 1) * (size - 1) / 2 for p in (a, b))
    left, top = np.floor(column).astype(int).clip(0, size - 2), np.floor(row).astype(int).clip(0, size - 2)
    fx, fy = column - left, row - top

    def at(part):
        return (
            part[top, left].T * ((1 - fx) * (1 - fy)).T
            + part[top, left + 1].T * (fx * (1 - fy)).T
            + part[top + 1, left].T * ((1 - fx) * fy).T
            + part[top + 1, left + 1].T * (fx * fy).T
        ).T

    return at(image), at(mask) * ((np.abs(a) < 1) & (np.abs(b) < 1))


def heads(rng, side, photos):
    """One head or several over a background, at several sizes and angles."""
    picture = background(rng, side, photos)
    largest = side * rng.choice([1.2, 0.8, 0.5])
    count = int(np.clip((side / largest) ** 2 * rng.uniform(1, 2.4), 1, 8))
    kind = rng.random()
    for _ in range(count):
        size = int(largest * rng.uniform(0.75, 1.1))
        draw = person if (kind < 0.3 or (kind > 0.85 and rng.random() < 0.5)) else animal
        image, mask = draw(rng, size)
        angle = rng.normal(0, 15) if rng.random() < 0.8 else rng.uniform(0, 360)
        x, y = grid(size)
        # Hair that reaches the window's edge ends raggedly rather than cut.
        rim = np.hypot(x * 2 / size - 1, y * 2 / size - 1) - 0.97 + 0.3 * (noise(rng, size, 0.8) - 0.5)
        image, mask = turned(rng, to_array(image), to_array(mask) * cover(rim, 0.05))
        image, mask = (to_array(to_image(part).rotate(angle, Image.BICUBIC)) for part in (image, mask))
        spread = 0.12 if count == 1 else 0.42
        x, y = (0.5 + rng.uniform(-spread, spread, 2)) * side
        shadow = blurred(np.pad(mask, 20), size * 0.04)
        blend(
            picture, x + size * 0.03, y + size * 0.05, np.zeros((*shadow.shape, 3), np.float32), shadow * 0.6
        )
        blend(picture, x, y, image, mask)
    return exposed(rng, picture)
