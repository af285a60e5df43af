import { describe, expect, it } from 'vitest';
import type { PosterSpec, PosterWinner } from '../../src/domain/contest/poster.ts';
import { drawPosterPicture } from '../../src/image/poster.ts';
import { sharp } from '../../src/image/sharp.ts';

const colours = ['#ff0000', '#00ff00', '#0000ff'] as const;

const pictureOf = (background: string): Promise<Uint8Array> =>
  sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .png()
    .toBuffer();

const winner = async (
  place: number,
  changes: Partial<PosterWinner> & { readonly colour?: string } = {},
): Promise<PosterWinner> => {
  const { colour = colours[place - 1] ?? '#ffffff', ...others } = changes;
  return {
    place,
    points: 10 - place,
    number: place,
    name: `Name ${place}`,
    still: await pictureOf(colour),
    ...others,
  };
};

const spec = (winners: readonly PosterWinner[], theme = 'Scariest cat'): PosterSpec => ({
  ...{ theme, day: '2026-11-01', voters: 12, winners },
});

const open = async (poster: Uint8Array) => {
  const { data, info } = await sharp(poster).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const share = (
    matches: (red: number, green: number, blue: number) => boolean,
    from = 0,
    to = info.height,
  ) => {
    let found = 0;
    for (let i = from * info.width * 3; i < to * info.width * 3; i += 3) {
      if (matches(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0)) found += 1;
    }
    return found / (info.width * info.height);
  };
  return { ...info, share };
};

const isRed = (red: number, green: number, blue: number): boolean => red > 240 && green < 16 && blue < 16;
const isGreen = (red: number, green: number, blue: number): boolean => green > 240 && red < 16 && blue < 16;
const isBlue = (red: number, green: number, blue: number): boolean => blue > 240 && red < 16 && green < 16;
const isBright = (red: number, green: number, blue: number): boolean =>
  red > 200 && green > 200 && blue > 200;

describe('a poster', () => {
  it('shows the first film large, and the others smaller under it', async () => {
    const { format } = await sharp(await drawPosterPicture(spec([await winner(1)]))).metadata();
    expect(format).toBe('jpeg');
    const winners = [await winner(1), await winner(2), await winner(3)];
    const poster = await open(await drawPosterPicture(spec(winners)));
    expect(poster.width).toBe(1080);
    const [red, green, blue] = [poster.share(isRed), poster.share(isGreen), poster.share(isBlue)];
    expect(red).toBeGreaterThan(1.5 * green);
    expect(green).toBeGreaterThan(0.05);
    expect(Math.abs(green - blue)).toBeLessThan(0.01);
  });

  it('stays small for chats and phones, however much detail its films have', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
    const detailed = await sharp({
      create: { width: 256, height: 256, channels: 3, background: '#000', noise },
    })
      .png()
      .toBuffer();
    const winners = await Promise.all([1, 2, 2, 2, 2, 2].map((place) => winner(place, { still: detailed })));
    // Slack takes 2 MB for a picture in a message.
    expect((await drawPosterPicture(spec(winners))).length).toBeLessThan(1_000_000);
  });

  it('shows films that share the first place in one size', async () => {
    const poster = await open(
      await drawPosterPicture(spec([await winner(1), await winner(1, { colour: colours[1] })])),
    );
    expect(Math.abs(poster.share(isRed) - poster.share(isGreen))).toBeLessThan(0.005);
  });

  it('has the theme in letters at its top', async () => {
    const winners = [await winner(1)];
    const poster = await open(await drawPosterPicture(spec(winners)));
    expect(poster.share(isBright, 40, 160)).toBeGreaterThan(0.003);
    const none = await open(await drawPosterPicture(spec(winners, '')));
    expect(none.share(isBright, 40, 160)).toBeLessThan(0.001);
  });

  it('does without a picture that is gone or cannot be opened, and without a name', async () => {
    const winners = [
      await winner(1, { still: null, name: null }),
      await winner(2, { still: new Uint8Array([1, 2, 3]) }),
    ];
    const poster = await open(await drawPosterPicture(spec(winners)));
    expect(poster.share(isGreen)).toBe(0);
    expect(poster.height).toBeGreaterThan(1000);
  });

  it.each([
    ['markup', '<b>&amp;</b> <span size="900%">big</span> &'],
    ['many wide letters', 'W'.repeat(100)],
    ['letters of many scripts', 'Самый κότα 最も怖い猫 한국어 हिन्दी ไทย'],
    ['letters from right to left', 'القط الأكثر رعبا עברית'],
    ['emoji', '🎃👻👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈'],
    ['marks without end', `Z${'\u0301\u0316'.repeat(400)}`],
    ['4,000 letters', 'scary '.repeat(700)],
    ['what is not seen', '\u202e\u0000\u200b'],
    ['letters that no font has', '\u{1fff0}\u{e01ff}\u{16e9f}'],
  ])('keeps its shape with %s in theme and names', async (_, text) => {
    const plain = await open(await drawPosterPicture(spec([await winner(1)])));
    const poster = await open(await drawPosterPicture(spec([await winner(1, { name: text })], text)));
    expect(poster.width).toBe(1080);
    expect(Math.abs(poster.height - plain.height)).toBeLessThan(320);
    expect(Math.abs(poster.share(isRed) * poster.height - plain.share(isRed) * plain.height)).toBeLessThan(2);
  });

  it('shows the first six of many winners', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, () => winner(1)));
    const [six, forty] = await Promise.all(
      [many.slice(0, 6), many].map(async (winners) => open(await drawPosterPicture(spec(winners)))),
    );
    expect(forty?.height).toBe(six?.height);
  });
});
