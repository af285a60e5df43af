/**
 * Draws docs/sample.png, a pile of autumn leaves, so that a clone has a picture to start from:
 * `node docs/draw-sample.ts`. Everything random has a seed: the same program draws the same pile.
 */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createRandom, type Random } from '../src/domain/random.ts';
import { gradients, paintLeaf, pickGradient } from './sample/paint.ts';
import { growLeaf, type Species, species } from './sample/shapes.ts';
import { acorn, berries, chestnut, fixtures, twig } from './sample/things.ts';

const width = 640;
const height = 480;
const variants = 4;
/** Leaves per layer from the ground up; every layer lies in the shade of the next. */
const layers = [70, 66, 60, 54, 46, 28];
const shade = 0.2;

/** How often a species falls, and its size in pixels from tip to base. */
const mixture: readonly (readonly [Species, share: number, pixels: number])[] = [
  ['maple', 0.26, 160],
  ['oak', 0.17, 168],
  ['beech', 0.15, 132],
  ['birch', 0.13, 100],
  ['cherry', 0.1, 140],
  ['aspen', 0.07, 98],
  ['ginkgo', 0.07, 120],
  ['willow', 0.05, 148],
];

const pickSpecies = (random: Random): readonly [Species, number] => {
  let left = random.uniform();
  for (const [name, share, pixels] of mixture) {
    left -= share;
    if (left < 0) return [name, pixels];
  }
  return ['maple', 160];
};

/** Points that keep their distance: of several candidates, the one farthest from those before. */
const scatter = (count: number, random: Random): readonly (readonly [number, number])[] => {
  const points: (readonly [number, number])[] = [];
  for (let i = 0; i < count; i++) {
    let best: readonly [number, number] = [0, 0];
    let bestDistance = -1;
    for (let attempt = 0; attempt < 8; attempt++) {
      const [x, y] = [-20 + (width + 40) * random.uniform(), -20 + (height + 40) * random.uniform()];
      const distance = Math.min(Infinity, ...points.map(([px, py]) => Math.hypot(px - x, py - y)));
      if (distance > bestDistance) [best, bestDistance] = [[x, y], distance];
    }
    points.push(best);
  }
  return points;
};

const fallenLeaf = (x: number, y: number, random: Random): string => {
  const [name, pixels] = pickSpecies(random);
  const scale = (pixels / 100) * (0.75 + 0.5 * random.uniform());
  // Seen from above no leaf lies flat: it is foreshortened along a direction of its own.
  const tilt = 1 - 0.4 * random.uniform() ** 2;
  const turn = 360 * random.uniform();
  const place = [
    `translate(${x.toFixed(0)} ${y.toFixed(0)})`,
    `rotate(${turn.toFixed(0)})`,
    `scale(${scale.toFixed(2)} ${(scale * tilt).toFixed(2)})`,
    `rotate(${(360 * random.uniform()).toFixed(0)})`,
  ].join('');
  const leaf = `${name}${Math.floor(random.uniform() * variants)}`;
  return `<g filter="url(#shadow)"><use href="#${leaf}" fill="url(#${pickGradient(name, random)})" transform="${place}"/></g>`;
};

const drawPile = (random: Random): string => {
  const symbols = Object.keys(species).flatMap((name) =>
    Array.from({ length: variants }, (_, i) =>
      paintLeaf(`${name}${i}`, growLeaf(name as Species, random), random),
    ),
  );
  const body = layers.map((count, depth) => {
    const leaves = scatter(count, random).map(([x, y]) => fallenLeaf(x, y, random));
    const things = depth < 3 ? [] : [twig, acorn, chestnut, berries].slice(depth === 5 ? 1 : 0);
    const strewn = things.flatMap((draw) =>
      scatter(depth === 5 ? 2 : 1, random).map(([x, y]) => draw(x, y, random)),
    );
    const dusk =
      depth < layers.length - 1
        ? `<path d="M0 0h${width}v${height}H0z" fill="#1a0a04" opacity="${shade}"/>`
        : '';
    return [...leaves, ...strewn, dusk].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<defs>${fixtures}\n${gradients(random)}\n${symbols.join('\n')}</defs>`,
    `<path d="M0 0h${width}v${height}H0z" fill="#1d0f08"/>`,
    ...body,
    `<path d="M0 0h${width}v${height}H0z" fill="url(#light)"/>`,
    '</svg>',
  ].join('\n');
};

const svg = drawPile(createRandom(20201031));
const target = fileURLToPath(new URL('sample.png', import.meta.url));
// Drawn at twice the size and reduced: finer edges than the renderer's own antialiasing.
await sharp(Buffer.from(svg), { density: 144 })
  .resize(width, height)
  .removeAlpha()
  .png({ palette: true, colours: 256, dither: 0.7, effort: 10, compressionLevel: 9 })
  .toFile(target);
