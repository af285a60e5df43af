import type { Random } from '../../src/domain/random.ts';
import type { Leaf, Point, Species } from './shapes.ts';

type Hsl = readonly [hue: number, saturation: number, lightness: number];

/** Colours from the middle of a leaf to its rim. */
const tones = {
  lemon: [
    [58, 88, 62],
    [52, 90, 55],
    [43, 85, 45],
  ],
  gold: [
    [48, 92, 57],
    [41, 94, 50],
    [31, 88, 41],
  ],
  orange: [
    [40, 94, 55],
    [27, 92, 50],
    [13, 82, 38],
  ],
  scarlet: [
    [32, 90, 52],
    [9, 85, 46],
    [354, 78, 32],
  ],
  crimson: [
    [12, 80, 43],
    [353, 76, 35],
    [344, 68, 21],
  ],
  plum: [
    [352, 55, 36],
    [338, 48, 27],
    [322, 38, 17],
  ],
  copper: [
    [31, 72, 50],
    [22, 68, 39],
    [15, 60, 26],
  ],
  brown: [
    [30, 50, 40],
    [25, 50, 30],
    [19, 48, 19],
  ],
  tan: [
    [38, 58, 60],
    [33, 52, 49],
    [26, 48, 34],
  ],
  green: [
    [78, 58, 44],
    [88, 48, 35],
    [98, 44, 23],
  ],
  turning: [
    [82, 62, 42],
    [56, 82, 50],
    [33, 90, 46],
  ],
} as const satisfies Record<string, readonly [Hsl, Hsl, Hsl]>;

type Tone = keyof typeof tones;

const wardrobe: Readonly<Record<Species, readonly Tone[]>> = {
  maple: ['scarlet', 'crimson', 'orange', 'orange', 'gold', 'scarlet', 'scarlet', 'crimson', 'turning'],
  oak: ['copper', 'brown', 'copper', 'tan', 'orange'],
  beech: ['copper', 'gold', 'orange', 'brown', 'copper', 'gold'],
  birch: ['lemon', 'gold', 'lemon', 'orange', 'turning'],
  cherry: ['scarlet', 'plum', 'orange', 'crimson', 'plum'],
  aspen: ['gold', 'lemon', 'orange', 'scarlet', 'green'],
  willow: ['lemon', 'green', 'tan', 'gold'],
  ginkgo: ['lemon', 'gold', 'lemon'],
};

const shadesPerTone = 5;

const near = (random: Random, spread: number): number => spread * (2 * random.uniform() - 1);

const hex = ([hue, saturation, lightness]: Hsl): string => {
  const channel = (offset: number): string => {
    const k = (offset + (((hue % 360) + 360) % 360) / 30) % 12;
    const l = lightness / 100;
    const value = l - (saturation / 100) * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
};

/** Every tone in a few shades, as gradients that spread from the foot of a leaf. */
export const gradients = (random: Random): string =>
  Object.entries(tones)
    .flatMap(([name, stops]) =>
      Array.from({ length: shadesPerTone }, (_, shade) => {
        const [hue, saturation, light] = [near(random, 6), near(random, 8), near(random, 6)];
        const colours = stops.map(([h, s, l]) => hex([h + hue, Math.min(100, s + saturation), l + light]));
        const [inner, middle, rim] = colours;
        const reach = 0.5 + 0.25 * random.uniform();
        return (
          `<radialGradient id="${name}${shade}" cx=".5" cy=".68" r="${reach.toFixed(2)}">` +
          `<stop stop-color="${inner}"/><stop offset=".5" stop-color="${middle}"/>` +
          `<stop offset="1" stop-color="${rim}"/></radialGradient>`
        );
      }),
    )
    .join('\n');

/** The gradient that one leaf of a species wears. */
export const pickGradient = (name: Species, random: Random): string => {
  const choices = wardrobe[name];
  const tone = choices[Math.floor(random.uniform() * choices.length)]!;
  return `${tone}${Math.floor(random.uniform() * shadesPerTone)}`;
};

const line = (points: readonly Point[]): string =>
  `M${points.map(([x, y]) => `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`).join('L')}`;

/** A ragged spot about a point. */
const spot = ([x, y]: Point, radius: number, random: Random): Point[] =>
  Array.from({ length: 9 }, (_, i) => {
    const angle = (i * 2 * Math.PI) / 9;
    const reach = radius * (0.65 + 0.7 * random.uniform());
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });

const widened = (points: readonly Point[], [x, y]: Point, by: number): Point[] =>
  points.map(([px, py]) => [x + by * (px - x), y + by * (py - y)]);

/** A leaf as a symbol that takes its colour from where it is used. */
export const paintLeaf = (id: string, leaf: Leaf, random: Random): string => {
  const somewhere = (): Point => [near(random, 24), near(random, 34) - 12];
  const bites = Array.from({ length: Math.floor(2.4 * random.uniform() ** 1.5) }, () => {
    const centre = somewhere();
    return { centre, edge: spot(centre, 0.9 + 1.9 * random.uniform() ** 2, random) };
  });
  const holes = bites.map(({ edge }) => `${line(edge)}z`).join('');
  const scars = bites.map(({ centre, edge }) => `${line(widened(edge, centre, 1.45))}z`).join('');
  const blots = (['rust', 'sun', 'moss', 'rust', 'sun'] as const).map((kind) => {
    const [x, y] = somewhere();
    const r = 9 + 15 * random.uniform();
    return `<circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${r.toFixed(0)}" fill="url(#${kind})"/>`;
  });
  const freckles = Array.from(
    { length: 16 },
    () => `${line(spot(somewhere(), 0.3 + 0.8 * random.uniform() ** 2, random))}z`,
  ).join('');
  const veins = leaf.veins.map(line).join('');
  const shaded = random.uniform() < 0.5 ? leaf.right : [...leaf.left].reverse();
  const outline = `${line([...leaf.right, ...leaf.left.slice(1)])}z${holes}`;
  return (
    `<clipPath id="${id}c"><path clip-rule="evenodd" d="${outline}"/></clipPath>\n` +
    `<g id="${id}"><path d="${line(leaf.stem)}" fill="none" stroke="#5b3516" stroke-width="2.6" stroke-linecap="round"/>` +
    `<path d="${line(leaf.stem)}" fill="none" stroke="#c98d4b" stroke-width="1"/>` +
    `<g clip-path="url(#${id}c)"><path d="M-60-80h120v130h-120z"/>${blots.join('')}` +
    `<path d="${line([...shaded, ...leaf.midrib])}z" fill="url(#fold)"/>` +
    `<path d="${freckles}${scars}" fill="#3b1a08" opacity=".4"/>` +
    `<g fill="none" stroke-linecap="round"><g stroke="#2b0f02" transform="translate(.7 .8)" opacity=".42">` +
    `<path stroke-width="1.7" d="${line(leaf.midrib)}"/><path id="${id}v" stroke-width=".9" d="${veins}"/></g>` +
    `<g stroke="#fff0b8" opacity=".5"><path stroke-width="1.3" d="${line(leaf.midrib)}"/>` +
    `<use href="#${id}v" stroke-width=".6"/></g></g>` +
    `<g fill="none"><path id="${id}o" d="${outline}" stroke="#2a0d00" stroke-width="5" opacity=".16"/>` +
    `<use href="#${id}o"/><path d="${outline}" stroke="#ffe9ae" stroke-width=".8" opacity=".26"/></g></g></g>`
  );
};
