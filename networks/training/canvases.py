"""Pictures drawn by rule, to learn from: what photos rarely hold in the number and variety needed.

Each canvas is `side` x `side`, RGB, float32 from 0 to 1, and depends on its random generator alone (and on
the photos, patches of which fill some of the shapes).
"""

import numpy as np

from canvases_heads import heads
from canvases_objects import objects
from canvases_regular import regular
from canvases_surfaces import bark, cells, dead_leaves, grain, grating, leaves, pebbles, smooth, strokes

# Surfaces share 0.45, things with an inside and an outside 0.33, regular structure 0.22.
KINDS = (
    (0.099, strokes),
    (0.0495, pebbles),
    (0.0405, lambda rng, side, photos: cells(rng, side)),
    (0.063, dead_leaves),
    (0.072, lambda rng, side, photos: grain(rng, side)),
    (0.027, lambda rng, side, photos: leaves(rng, side)),
    (0.0315, lambda rng, side, photos: bark(rng, side)),
    (0.027, lambda rng, side, photos: grating(rng, side)),
    (0.0405, lambda rng, side, photos: smooth(rng, side)),
    (0.13, heads),
    (0.2, objects),
    (0.22, regular),
)


def draw_canvases(count, side, seed, photos=()):
    """`count` canvases as uint8 arrays, side x side x 3; the kinds in the shares of KINDS."""
    canvases = []
    edges = np.cumsum([share for share, _ in KINDS])
    for i in range(count):
        rng = np.random.default_rng((seed, i))
        kind = KINDS[min(np.searchsorted(edges, (i + 0.5) / count), len(KINDS) - 1)][1]
        picture = kind(rng, side, photos)
        canvases.append((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    return canvases
