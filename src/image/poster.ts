import { cleanName, cleanText } from '../domain/contest/clean-text.ts';
import type { PosterSpec, PosterWinner } from '../domain/contest/poster.ts';
import { mostThemeLetters } from '../domain/contest/rules.ts';
import { roundedRectangle } from './rounded.ts';
import { sharp } from './sharp.ts';
import { type DrawnText, drawLine, drawParagraph } from './text.ts';

const width = 1080;
const margin = 64;
const gap = 40;
/** Under a picture: the name and the points. */
const captionHeight = 132;
const mostShown = 6;
const mostInRow = 3;
/** Of the JPEG, where nobody sees a difference: films are full of detail. */
const quality = 90;

const night = { r: 18, g: 14, b: 24 };
const white = '#f6f1ea';
const orange = '#ff9a3c';
const quiet = '#a79db4';

/** Of the first three places: gold, silver, bronze. */
const medals = [
  [255, 196, 61],
  [205, 210, 220],
  [205, 134, 78],
] as const;

/** Sides of pictures, by how many stand in a row: those who won first, and the others. */
const firstSides = [0, 680, 456, 290] as const;
const otherSides = [0, 456, 456, 290] as const;

type Layer = { readonly input: Buffer; readonly left: number; readonly top: number };

const centred = (drawn: DrawnText, { x, top }: { readonly x: number; readonly top: number }): Layer => ({
  input: drawn.png,
  left: Math.max(0, Math.round(x - drawn.width / 2)),
  top: Math.round(top),
});

const rows = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / mostInRow) }, (_, row) =>
    items.slice(row * mostInRow, (row + 1) * mostInRow),
  );

/** The picture of a film with round corners; a dark one with its number where there is none. */
const tileOf = async ({ still, number }: PosterWinner, side: number): Promise<Buffer> => {
  const shape = { width: side, height: side, radius: Math.round(side / 20) };
  if (still) {
    try {
      const picture = await sharp(still).resize(side, side, { fit: 'cover' }).ensureAlpha().png().toBuffer();
      const mask = await roundedRectangle({ ...shape, colour: [255, 255, 255] });
      return await sharp(picture)
        .composite([{ input: mask, blend: 'dest-in' }])
        .png()
        .toBuffer();
    } catch {
      // A file that cannot be opened any more is as good as none.
    }
  }
  const label = await drawLine(`#${number}`, { size: side / 5, colour: quiet, maxWidth: side * 0.8 });
  const { left, top } = centred(label, { x: side / 2, top: (side - label.height) / 2 });
  return await sharp(await roundedRectangle({ ...shape, colour: [40, 33, 52] }))
    .composite([{ input: label.png, left, top }])
    .png()
    .toBuffer();
};

const badgeOf = async (place: number, side: number): Promise<Buffer> => {
  const colour = medals[Math.min(place, medals.length) - 1] ?? medals[2];
  const label = await drawLine(String(place), { size: side * 0.56, colour: '#1b1424', maxWidth: side });
  const { left, top } = centred(label, { x: side / 2, top: (side - label.height) / 2 });
  return await sharp(await roundedRectangle({ width: side, height: side, radius: side / 2, colour }))
    .composite([{ input: label.png, left, top }])
    .png()
    .toBuffer();
};

/** A winner's picture with the place on its corner, and name and points under it. */
const drawWinner = async (
  winner: PosterWinner,
  { x, top, side }: { readonly x: number; readonly top: number; readonly side: number },
): Promise<readonly Layer[]> => {
  const left = Math.round(x - side / 2);
  const badgeSide = 2 * Math.round(side / 16 + 22);
  const otherwise = `#${winner.number}`;
  const name = winner.name === null ? otherwise : cleanName(winner.name, { otherwise });
  const maxWidth = side + gap / 2;
  const size = side > 400 ? 46 : 36;
  const nameLine = await drawLine(name, { size, colour: white, maxWidth });
  const points = await drawLine(`★ ${winner.points}`, { size: size - 8, colour: orange, maxWidth });
  return [
    { input: await tileOf(winner, side), left, top },
    { input: await badgeOf(winner.place, badgeSide), left: left - 18, top: top - 18 },
    centred(nameLine, { x, top: top + side + 46 - nameLine.height / 2 }),
    centred(points, { x, top: top + side + 102 - points.height / 2 }),
  ];
};

/** Draws a contest's result, 1080 pixels wide and as high as its winners need, as a JPEG file: chats take it, and phones load it soon. */
export const drawPosterPicture = async ({ theme, day, voters, winners }: PosterSpec): Promise<Uint8Array> => {
  const layers: Layer[] = [];
  const x = width / 2;
  const title = cleanText(theme, { mostLetters: mostThemeLetters });
  let top = margin;
  if (title !== '') {
    const sizes = [76, 64, 54, 44] as const;
    const inner = { width: width - 2 * margin, maxHeight: 200 };
    const heading = await drawParagraph(title, { sizes, colour: white, ...inner });
    layers.push(centred(heading, { x, top }));
    top += heading.height + 36;
  }
  const facts = await drawLine(`${day}   👥 ${voters}`, { size: 32, colour: quiet, maxWidth: width });
  layers.push(centred(facts, { x, top }));
  top += facts.height + 56;
  const shown = winners.slice(0, mostShown);
  const groups = [
    { group: shown.filter(({ place }) => place === 1), sides: firstSides },
    { group: shown.filter(({ place }) => place !== 1), sides: otherSides },
  ];
  for (const { group, sides } of groups) {
    for (const row of rows(group)) {
      const side = sides[row.length] ?? firstSides[3];
      const whole = row.length * side + (row.length - 1) * gap;
      for (const [column, winner] of row.entries()) {
        const middle = x - whole / 2 + side / 2 + column * (side + gap);
        layers.push(...(await drawWinner(winner, { x: middle, top, side })));
      }
      top += side + captionHeight + gap;
    }
  }
  const height = Math.round(top + margin / 2);
  const picture = await sharp({ create: { width, height, channels: 3, background: night } })
    .composite(layers)
    // Letters keep their colours where those are not averaged over neighbours.
    .jpeg({ quality, chromaSubsampling: '4:4:4', mozjpeg: true })
    .toBuffer();
  return new Uint8Array(picture);
};
