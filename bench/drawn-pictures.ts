/**
 * Pictures drawn by rule, so that there is something to judge by where ../shared is absent: overlapping leaves,
 * warped stripes, pebbles. No photo, no training data; the same on every machine up to the last bit of a sine.
 */
import { createPicture, type Picture } from '../src/domain/picture.ts';
import { createRandom, type Random } from '../src/domain/random.ts';

const side = 512;

type Colour = readonly [red: number, green: number, blue: number];

const setPixel = ({ data }: Picture, index: number, colour: Colour, light: number): void => {
  for (let plane = 0; plane < 3; plane++) {
    data[plane * side * side + index] = Math.min(1, Math.max(0, colour[plane]! * light));
  }
};

const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random.uniform() * values.length)]!;

const between = (random: Random, least: number, most: number): number =>
  least + (most - least) * random.uniform();

const autumn: readonly Colour[] = [
  [0.55, 0.16, 0.08],
  [0.78, 0.42, 0.1],
  [0.86, 0.68, 0.2],
  [0.38, 0.42, 0.12],
  [0.32, 0.2, 0.12],
];

/** Pointed leaves, the nearest drawn first: a pixel that is taken stays as it is (the dead leaves model). */
const leaves = (): Picture => {
  const random = createRandom(11);
  const picture = createPicture(side, side);
  const taken = new Uint8Array(side * side);
  let left = side * side;
  while (left > 0) {
    const [centreX, centreY] = [between(random, -30, side + 30), between(random, -30, side + 30)];
    // As many small leaves as large ones would hide the large: sizes by a power law.
    const length = 14 / Math.max(0.12, random.uniform()) ** 0.9;
    const width = length * between(random, 0.4, 0.6);
    const turn = between(random, 0, 2 * Math.PI);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const colour = pick(random, autumn);
    const shade = between(random, 0.6, 1.15);
    for (let y = Math.max(0, Math.floor(centreY - length)); y < Math.min(side, centreY + length); y++) {
      for (let x = Math.max(0, Math.floor(centreX - length)); x < Math.min(side, centreX + length); x++) {
        const along = ((x - centreX) * cos + (y - centreY) * sin) / length;
        const across = ((y - centreY) * cos - (x - centreX) * sin) / width;
        const edge = 1 - along * along - Math.abs(across);
        const index = y * side + x;
        if (edge < 0 || taken[index]) continue;
        const vein = Math.abs(across) < 0.05 || Math.abs(Math.sin(14 * (along + Math.abs(across)))) < 0.12;
        const light = shade * (vein ? 1.25 : 0.8 + 0.3 * across) * Math.min(1, 0.45 + 5 * edge);
        setPixel(picture, index, colour, light);
        taken[index] = 1;
        left--;
      }
    }
  }
  return picture;
};

/** Stripes like a zebra's: an even wave on bent paper. */
const stripes = (): Picture => {
  const random = createRandom(12);
  const picture = createPicture(side, side);
  const bends = Array.from({ length: 6 }, () => ({
    across: between(random, -0.025, 0.025),
    down: between(random, -0.025, 0.025),
    phase: between(random, 0, 2 * Math.PI),
    size: between(random, 4, 14),
  }));
  const [dark, pale]: readonly Colour[] = [
    [0.1, 0.08, 0.09],
    [0.93, 0.88, 0.78],
  ];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const bent = bends.reduce((sum, b) => sum + b.size * Math.sin(b.across * x + b.down * y + b.phase), 0);
      const wave = Math.sin((2 * Math.PI * (x + bent)) / 38);
      const share = 1 / (1 + Math.exp(-8 * (wave - 0.1)));
      const colour = dark!.map((value, plane) => value + (pale![plane]! - value) * share);
      setPixel(picture, y * side + x, colour as unknown as Colour, 1 + 0.03 * random.normal());
    }
  }
  return picture;
};

const stone: readonly Colour[] = [
  [0.55, 0.52, 0.48],
  [0.42, 0.4, 0.4],
  [0.68, 0.6, 0.5],
  [0.5, 0.38, 0.3],
  [0.75, 0.74, 0.7],
];

const cell = 36;

/** Round stones between dark gaps: the nearest of scattered points, lit from the upper left. */
const pebbles = (): Picture => {
  const random = createRandom(13);
  const picture = createPicture(side, side);
  const across = Math.ceil(side / cell) + 4;
  const points = Array.from({ length: across * across }, (_, index) => ({
    x: ((index % across) - 2 + between(random, 0.1, 0.9)) * cell,
    y: (Math.floor(index / across) - 2 + between(random, 0.1, 0.9)) * cell,
    colour: pick(random, stone),
    shade: between(random, 0.75, 1.1),
  }));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let nearest = points[0]!;
      let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let row = 0; row < 5; row++) {
        const start = (Math.floor(y / cell) + row) * across + Math.floor(x / cell);
        for (const point of points.slice(start, start + 5)) {
          const distance = Math.hypot(x - point.x, y - point.y);
          if (distance < first) {
            second = first;
            first = distance;
            nearest = point;
          } else if (distance < second) second = distance;
        }
      }
      const lit = 1 - (0.35 * (x - nearest.x + y - nearest.y)) / cell;
      const gap = Math.min(1, 0.15 + (second - first) / 8);
      setPixel(
        picture,
        y * side + x,
        nearest.colour,
        nearest.shade * lit * gap * (1 + 0.05 * random.normal()),
      );
    }
  }
  return picture;
};

/** By name; 512 x 512 px each. */
export const drawnPictures: Readonly<Record<string, () => Picture>> = { leaves, stripes, pebbles };
