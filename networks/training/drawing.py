"""What canvases are drawn with: colours, noise, light, single shapes. Pictures are float32, 0 to 1."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def palette(rng, count):
    """`count` colours around one or two hues, as rows of RGB."""
    base = rng.uniform(0.05, 0.95, (rng.integers(1, 4), 3))
    light = rng.uniform(0.35, 1.3, (count, 1))
    return np.clip(base[rng.integers(len(base), size=count)] * light + rng.normal(0, 0.06, (count, 3)), 0, 1)


def noise(rng, side, slope=None, stretch=1.0, angle=0.0):
    """1/f^slope noise from 0 to 1; `stretch` above 1 draws it out along `angle`."""
    slope = rng.uniform(0.6, 2.2) if slope is None else slope
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    u, v = fx * np.cos(angle) + fy * np.sin(angle), -fx * np.sin(angle) + fy * np.cos(angle)
    radius = np.sqrt((u * stretch) ** 2 + v**2)
    radius[0, 0] = 1
    spectrum = rng.normal(size=(side, side // 2 + 1)) + 1j * rng.normal(size=(side, side // 2 + 1))
    spectrum /= radius ** (slope if stretch == 1 else slope * 1.3)
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, (side, side))
    return np.clip(0.5 + field / (field.std() * 5 + 1e-9), 0, 1).astype(np.float32)


def coloured(rng, field, stops=4):
    """A field from 0 to 1 through a random colour ramp."""
    colours = palette(rng, stops)
    at = np.linspace(0.15, 0.85, stops)
    return np.stack([np.interp(field, at, colours[:, c]) for c in range(3)], -1).astype(np.float32)


def grid(side):
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    return x, y


def sample(field, x, y):
    """Nearest values of a field at positions that wrap around."""
    side = field.shape[0]
    return field[np.floor(y).astype(int) % side, np.floor(x).astype(int) % side]


def relief(height, strength, rng):
    """Light from one side on a height field: a factor around 1."""
    gy, gx = np.gradient(height)
    angle = rng.uniform(0, 2 * np.pi)
    return np.clip(1 + strength * (gx * np.cos(angle) + gy * np.sin(angle)), 0.25, 1.8)[..., None]


def to_image(array):
    return Image.fromarray((np.clip(array, 0, 1) * 255 + 0.5).astype(np.uint8))


def to_array(image):
    return np.asarray(image, np.float32) / 255


def blurred(array, radius):
    """The array, from 0 to 1, out of focus by `radius` pixels."""
    return to_array(to_image(array).filter(ImageFilter.GaussianBlur(float(radius))))


def draw_blob(rng, image, radius, fill, shade=0.0, shadow=False):
    """One shape (ellipse, polygon, star or wavy blob) filled with `fill`, shaded like a ball by `shade`."""
    side = image.size[0]
    radius = float(radius)
    size = int(2 * radius) + 4
    corner = rng.integers(-size // 2, side - size // 2 + 1, 2)
    kind = rng.random()
    count = 36 if kind < 0.7 else int(rng.integers(3, 8))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count)) if kind > 0.7 else np.linspace(0, 2 * np.pi, count)
    reach = np.ones(count)
    if kind < 0.45:
        for k in range(2, 6):
            reach += rng.normal(0, 0.22 / k) * np.sin(k * angles + rng.uniform(0, 6))
    squash, turn = rng.uniform(0.4, 1), rng.uniform(0, np.pi)
    px, py = np.cos(angles) * reach, np.sin(angles) * reach * squash
    points = np.stack([px * np.cos(turn) - py * np.sin(turn), px * np.sin(turn) + py * np.cos(turn)], 1)
    points = points / np.abs(points).max() * radius + size / 2
    mask = Image.new("L", (size * 2, size * 2))
    ImageDraw.Draw(mask).polygon([tuple(p) for p in points * 2], fill=255)
    mask = mask.resize((size, size), Image.BOX)
    if shadow:
        offset = corner + (np.array([0.6, 0.8]) * radius * 0.25).astype(int)
        dark = mask.filter(ImageFilter.GaussianBlur(max(1, radius * 0.15))).point(lambda v: int(v * 0.6))
        image.paste((0, 0, 0), tuple(map(int, offset)), dark)
    fw, fh = fill.size
    if fw > size and fh > size:
        fx, fy = rng.integers(0, fw - size), rng.integers(0, fh - size)
        patch = fill.crop((fx, fy, fx + size, fy + size))
    else:
        patch = fill.resize((size, size))
    if shade > 0:
        x, y = grid(size)
        dx, dy = (x - size / 2) / radius, (y - size / 2) / radius
        light = rng.uniform(-0.6, 0.6, 2)
        ball = 1 + shade * (0.35 - (dx - light[0]) ** 2 - (dy - light[1]) ** 2)
        patch = to_image(to_array(patch) * np.clip(ball, 0.2, 1.7)[..., None])
    image.paste(patch, tuple(map(int, corner)), mask)


def stroke(draw, x, y, angle, length, width, bend, colour, zoom):
    """A curved blade that is broad at its root and ends in a point."""
    steps = 5
    t = np.linspace(0, 1, steps)
    headings = angle + bend * t
    px = x + np.concatenate([[0], np.cumsum(np.cos(headings[:-1]))]) * length / (steps - 1)
    py = y + np.concatenate([[0], np.cumsum(np.sin(headings[:-1]))]) * length / (steps - 1)
    half = width / 2 * (1 - t**1.5)
    left = np.stack([px - np.sin(headings) * half, py + np.cos(headings) * half], 1)
    right = np.stack([px + np.sin(headings) * half, py - np.cos(headings) * half], 1)[::-1]
    points = np.concatenate([left, right]) * zoom
    draw.polygon(points.ravel().tolist(), fill=tuple(int(c) for c in np.clip(colour, 0, 1) * 255))


def draw_eye(rng, image, x, y, radius, slant=None):
    """Lid, white or none, iris with rays, pupil (round or slit), one or two highlights; turned by
    `slant` or somehow."""
    size = int(radius * 2.6)
    u, v = grid(size)
    u, v = (u - size / 2) / radius, (v - size / 2) / radius
    turn = rng.normal(0, 0.3) if slant is None else slant
    u, v = u * np.cos(turn) + v * np.sin(turn), -u * np.sin(turn) + v * np.cos(turn)
    r, phi = np.hypot(u, v), np.arctan2(v, u)
    soft = 3 / radius

    def inside(d):
        return np.clip(0.5 - d / soft, 0, 1)[..., None]

    rays = sum(np.sin(k * phi + rng.uniform(0, 6)) for k in rng.integers(5, 60, 4)) / 4
    inner, outer = palette(rng, 1)[0], palette(rng, 1)[0]
    blend = np.clip(r / 0.8, 0, 1)[..., None]
    iris = (inner * (1 - blend) + outer * blend) * (1 + rng.uniform(0, 0.5) * rays[..., None])
    white = np.full((size, size, 3), rng.uniform(0.5, 1)) * rng.uniform(0.85, 1, 3)
    iris_radius = rng.uniform(0.55, 1.0)
    eye = white + (iris - white) * inside(r - iris_radius)
    rim = np.exp(-(((r - iris_radius) / 0.08) ** 2))[..., None]
    eye = eye * (1 - rng.uniform(0.3, 0.9) * rim)
    pupil_width = rng.choice([0.15, 0.35, 0.5])
    pupil = np.hypot(u / pupil_width, v / rng.choice([0.5, 0.6])) - 1
    eye = eye * (1 - inside(pupil * pupil_width))
    for _ in range(rng.integers(1, 3)):
        hx, hy = rng.uniform(-0.4, 0.4, 2)
        spot = inside(np.hypot(u - hx, v - hy) - rng.uniform(0.06, 0.2))
        eye = eye * (1 - spot) + spot
    eye = eye * np.clip(1.1 + v * rng.uniform(-0.1, 0.5), 0.3, 1)[..., None]
    opening = rng.uniform(0.5, 1)
    lid = np.hypot(u, v / opening) - 1
    mask = inside(lid)[..., 0]
    edge = inside(np.hypot(u / 1.12, v / opening / 1.15) - 1)[..., 0]
    corner = (int(x - size / 2), int(y - size / 2))
    image.paste((12, 8, 8), corner, to_image(edge * rng.uniform(0.5, 1)))
    image.paste(to_image(eye), corner, to_image(mask))


def lit(height, colour, light, strength=0.8, gloss=0.0):
    """Colours under slanting light from the angle `light` on a height field (pixels); `gloss` adds shine."""
    gy, gx = np.gradient(height)
    steep = 1 / np.sqrt(gx**2 + gy**2 + 1)
    toward = -(gx * np.cos(light) + gy * np.sin(light)) * steep
    factor = np.clip(1 + strength * (toward + 0.5 * (steep - 1)), 0.12, 2)
    shown = colour * factor[..., None]
    if gloss > 0:
        half = np.clip(0.45 * toward + 0.89 * steep, 0, 1) ** 40
        shown = shown + gloss * half[..., None]
    return np.clip(shown, 0, 1).astype(np.float32)


def exposed(rng, picture):
    """The picture as a camera would hold it: of middling brightness, not flat, often rather pale."""
    picture = np.clip(picture, 0, 1)
    bright = np.clip(np.median(picture.mean(-1)), 0.02, 0.95)
    picture = picture ** np.clip(np.log(rng.uniform(0.25, 0.6)) / np.log(bright), 0.45, 1.8)
    middle, spread = picture.mean(), picture.mean(-1).std()
    picture = np.clip(middle + (picture - middle) * np.clip(0.12 / (spread + 1e-3), 1, 2.5), 0, 1)
    pale = rng.choice([0, 0.3, 0.6])
    return (picture * (1 - pale) + pale * picture.mean(-1, keepdims=True)).astype(np.float32)
