import type { Random } from '../../src/domain/random.ts';

/** x to the right, y downwards; a leaf is about 100 units high, its tip up, its blade's base at (0, 35). */
export type Point = readonly [x: number, y: number];

export type Leaf = {
  /** The blade's edge, tip to base, then the other side back to the tip. */
  readonly right: readonly Point[];
  readonly left: readonly Point[];
  readonly midrib: readonly Point[];
  readonly veins: readonly (readonly Point[])[];
  readonly stem: readonly Point[];
};

/** One half of an ideal leaf, x >= 0, edge from tip to base; veins start at the midrib. */
type Half = { readonly edge: readonly Point[]; readonly veins: readonly (readonly Point[])[] };

const tipY = -62;
const baseY = 35;
const yAt = (t: number): number => tipY + (baseY - tipY) * t;
const steps = (count: number): number[] => Array.from({ length: count + 1 }, (_, i) => i / count);

/** A curve through a, bent towards `control`, to b. */
const curve = (a: Point, control: Point, b: Point, count: number): Point[] =>
  steps(count).map((t) => [
    (1 - t) ** 2 * a[0] + 2 * t * (1 - t) * control[0] + t * t * b[0],
    (1 - t) ** 2 * a[1] + 2 * t * (1 - t) * control[1] + t * t * b[1],
  ]);

const maple = (): Half => {
  const corners: Point[] = [
    [0, -62],
    [4, -51],
    [13, -48],
    [10, -38],
    [9, -21],
    [18, -31],
    [21, -39],
    [28, -33],
    [46, -37],
    [39, -25],
    [43, -15],
    [32, -10],
    [20, -2],
    [31, 2],
    [43, 7],
    [32, 12],
    [27, 19],
    [14, 18],
    [0, 23],
  ];
  const edge = corners.slice(1).flatMap((corner, i): Point[] => {
    const from = corners[i]!;
    const middle: Point = [(from[0] + corner[0]) / 2, (from[1] + corner[1]) / 2];
    const control: Point = [middle[0] * 0.9, middle[1] + (0 - middle[1]) * 0.08];
    return curve(from, control, corner, 4).slice(i === 0 ? 0 : 1);
  });
  const foot: Point = [0, 22];
  return {
    edge,
    veins: [
      curve(foot, [20, -6], [44, -36], 6),
      curve(foot, [18, 14], [41, 7], 5),
      curve([18, -5], [27, -8], [41, -15], 3),
      curve([14, -1], [19, -20], [21, -36], 4),
      curve([0, -24], [5, -36], [12, -47], 4),
      curve([15, 15], [21, 16], [26, 18], 3),
      curve([0, -2], [4, -12], [9, -21], 3),
    ],
  };
};

type Profile = {
  /** Half width in units at t, 0 at the tip and 1 at the base. */
  readonly width: (t: number) => number;
  /** How far the edge leans towards the tip, in units, for its width. */
  readonly lean: number;
  readonly samples: number;
  /** Where side veins reach the edge. */
  readonly veins: readonly number[];
};

const feathered = ({ width, lean, samples, veins }: Profile): Half => {
  const edgeAt = (t: number): Point => [width(t), yAt(t) - lean * width(t)];
  return {
    edge: steps(samples).map(edgeAt),
    veins: veins.map((t) => {
      const end = edgeAt(t);
      const start: Point = [0, Math.min(end[1] + 0.55 * end[0] + 4, baseY - 1)];
      return curve(start, [end[0] * 0.55, start[1] + (end[1] - start[1]) * 0.4], [end[0] * 0.95, end[1]], 4);
    }),
  };
};

const bump = (t: number, tip: number, base: number): number =>
  Math.max(0, Math.sin(Math.PI * t ** tip)) ** base;
/** 0 to 1 and abruptly back: the teeth of an edge. */
const saw = (t: number, count: number): number => (t * count) % 1;

const oak = (random: Random): Half => {
  const lobes = 4 + Math.floor(random.uniform() * 2);
  return feathered({
    width: (t) => {
      // A rounded lobe and a narrow bay between two: |cos| to a small power.
      const lobe = Math.abs(Math.cos(Math.PI * (lobes * t ** 0.9 - 0.05))) ** 0.75;
      return 31 * bump(t, 0.72, 0.62) * (0.42 + 0.58 * lobe);
    },
    lean: 0.22,
    samples: 110,
    veins: steps(lobes - 2).map((i) => ((i * (lobes - 2) + 1.05) / lobes) ** (1 / 0.9)),
  });
};

const beech = (): Half =>
  feathered({
    width: (t) => 30 * bump(t, 0.82, 0.85) + 0.9 * Math.sin(18 * Math.PI * t) * bump(t, 1, 1),
    lean: 0.05,
    samples: 54,
    veins: steps(8).map((i) => 0.12 + 0.74 * i),
  });

const birch = (): Half =>
  feathered({
    width: (t) => 34 * t ** 0.95 * (1 - t ** 7) * (0.9 + 0.12 * saw(t, 13)),
    lean: 0.1,
    samples: 78,
    veins: steps(6).map((i) => 0.24 + 0.6 * i),
  });

const cherry = (): Half =>
  feathered({
    width: (t) => 23 * bump(t, 0.95, 0.9) * (0.96 + 0.06 * saw(t, 24)),
    lean: 0,
    samples: 96,
    veins: steps(7).map((i) => 0.14 + 0.7 * i),
  });

const aspen = (): Half =>
  feathered({
    width: (t) => 39 * bump(t, 0.9, 0.62) * (0.97 + 0.05 * Math.sin(22 * Math.PI * t)),
    lean: -0.12,
    samples: 66,
    veins: [0.2, 0.36, 0.54, 0.74, 0.88],
  });

const willow = (): Half =>
  feathered({ width: (t) => 9.5 * bump(t, 0.9, 1), lean: 0, samples: 24, veins: [0.25, 0.4, 0.55, 0.7] });

const ginkgo = (random: Random): Half => {
  const waves = 5 + 3 * random.uniform();
  const ray = (degrees: number, radius: number): Point => {
    const angle = (degrees * Math.PI) / 180;
    return [radius * Math.sin(angle), baseY - radius * Math.cos(angle)];
  };
  const rim = (degrees: number): number =>
    79 + 2.2 * Math.sin((degrees / 60) * Math.PI * waves) - 0.002 * degrees ** 2;
  const cleft = 38 + 22 * random.uniform();
  const arc = steps(34).map((i) => ray(4 + 58 * i, rim(4 + 58 * i)));
  return {
    edge: [ray(0, cleft), ray(2.5, 71), ...arc, ...curve(arc.at(-1)!, [18, 12], [0, baseY], 8).slice(1)],
    veins: steps(11).map((i) => {
      const degrees = 5 + 54 * i;
      return curve([0, baseY], ray(degrees * 0.6, 34), ray(degrees, rim(degrees) * 0.96), 4);
    }),
  };
};

export const species = { maple, oak, beech, birch, cherry, aspen, willow, ginkgo } as const;
export type Species = keyof typeof species;

/** A leaf as it grew: bent, a little lopsided, no two sides alike. */
export const growLeaf = (name: Species, random: Random): Leaf => {
  const bend = 14 * (random.uniform() - 0.5);
  const droop = 0.9 + 0.2 * random.uniform();
  const sides = [1, -1].map((sign) => ({
    sign,
    half: species[name](random),
    scale: 0.9 + 0.2 * random.uniform(),
  }));
  const place = ([x, y]: Point): Point => {
    const up = (baseY - y) / 100;
    return [x + bend * up * up, baseY - (baseY - y) * droop];
  };
  const [right, left] = sides.map(({ sign, half, scale }) => {
    const grown = ([x, y]: Point): Point => place([sign * x * scale, y]);
    return { edge: half.edge.map(grown), veins: half.veins.map((vein) => vein.map(grown)) };
  });
  const tip = sides[0]!.half.edge[0]!;
  const base = sides[0]!.half.edge.at(-1)!;
  const swing = 16 * (random.uniform() - 0.5);
  return {
    right: right!.edge,
    left: left!.edge.toReversed(),
    midrib: steps(6).map((t) => place([0, base[1] + (tip[1] - base[1]) * t])),
    veins: [...right!.veins, ...left!.veins],
    stem: curve(
      place(base),
      place([0, base[1] + 14]),
      place([swing, base[1] + 20 + 12 * random.uniform()]),
      5,
    ),
  };
};
