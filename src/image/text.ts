/** Words in pictures, in fonts of our own: the same on each machine, also where there is no font. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharp } from './sharp.ts';
import { sfntOfWoff } from './woff.ts';

const { resolve } = createRequire(import.meta.url);

/** Each letter is taken from the first of these that has it; the last has nearly all that there are. */
const families = 'DejaVu Sans, Noto Emoji, UnifontExMono';

/** Words as a picture: PNG, transparent around the letters. */
export type DrawnText = { readonly png: Buffer; readonly width: number; readonly height: number };

export type TextStyle = {
  /** In pixels. */
  readonly size: number;
  /** As `#rrggbb`. */
  readonly colour: string;
};

/** A font is known to the whole process once a text was drawn with its file. */
const teach = async (fontfile: string): Promise<void> => {
  await sharp({ text: { text: 'a', font: families, fontfile } })
    .png()
    .toBuffer();
};

/**
 * The last of the fonts comes as WOFF only, which is not read here: it lies in the temporary folder for as long as this
 * process draws. Undefined where nothing can be written there.
 */
const unpackFont = (woff: string): string | undefined => {
  const font = sfntOfWoff(readFileSync(woff));
  try {
    const folder = mkdtempSync(join(tmpdir(), 'gramzoom-font-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'unifontex.ttf');
    writeFileSync(file, font);
    return file;
  } catch {
    return undefined;
  }
};

const loadFonts = async (): Promise<void> => {
  await teach(resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'));
  await teach(resolve('@expo-google-fonts/noto-emoji/700Bold/NotoEmoji_700Bold.ttf'));
  const rare = unpackFont(resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff'));
  if (rare !== undefined) await teach(rare);
};

let fonts: Promise<void> | undefined;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const draw = async (
  text: string,
  { size, colour, width }: TextStyle & { readonly width?: number },
): Promise<DrawnText> => {
  fonts ??= loadFonts();
  await fonts;
  const wrapped = width === undefined ? {} : { width, wrap: 'word-char' as const, align: 'centre' as const };
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="${colour}">${escaped(text)}</span>`,
      ...{ font: `${families} Bold ${size}`, dpi: 72, rgba: true, ...wrapped },
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true });
  return { png: data, width: info.width, height: info.height };
};

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Draws a text on one line; where it is wider than `maxWidth` pixels, a little smaller, and else cut.
 * @param text on one line, with at least one letter that is seen
 */
export const drawLine = async (
  text: string,
  { maxWidth, ...style }: TextStyle & { readonly maxWidth: number },
): Promise<DrawnText> => {
  const small = { ...style, size: Math.round(style.size * 0.75) };
  const whole = await draw(text, style);
  if (whole.width <= maxWidth) return whole;
  let drawn = await draw(text, small);
  let kept = [...letters.segment(text)].map(({ segment }) => segment);
  while (drawn.width > maxWidth && kept.length > 1) {
    const fitting = Math.floor((kept.length * maxWidth) / drawn.width);
    kept = kept.slice(0, Math.max(1, Math.min(kept.length - 1, fitting)));
    drawn = await draw(`${kept.join('').trimEnd()}…`, small);
  }
  return drawn;
};

/**
 * Draws a text on several lines, centred, in the largest of several sizes in which it is at most `maxHeight` pixels
 * high; in the smallest it may be higher.
 */
export const drawParagraph = async (
  text: string,
  {
    sizes,
    colour,
    width,
    maxHeight,
  }: {
    readonly sizes: readonly [number, ...number[]];
    readonly colour: string;
    readonly width: number;
    readonly maxHeight: number;
  },
): Promise<DrawnText> => {
  let drawn = await draw(text, { size: sizes[0], colour, width });
  for (const size of sizes.slice(1)) {
    if (drawn.height <= maxHeight) break;
    drawn = await draw(text, { size, colour, width });
  }
  return drawn;
};
