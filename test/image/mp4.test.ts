import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeFilm } from '../../src/image/encode-film.ts';
import { decodeMp4, encodeMp4 } from '../../src/image/mp4.ts';
import { zoomFilm } from '../support/zoom-film.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const zoom = 1.05;
const options = { fps: 20, zoom, direction: 'in', format: 'mp4' } as const;

const leftovers = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('gramzoom-')).sort();

const probe = (bytes: Uint8Array): string =>
  spawnSync('ffmpeg', ['-hide_banner', '-i', 'pipe:0'], { input: bytes, encoding: 'utf8' }).stderr;

describe.skipIf(!hasFfmpeg)('encoding a film as mp4 (skipped where there is no ffmpeg)', () => {
  const film = zoomFilm(64, 16, zoom);

  it("gives H.264 in yuv420p with the film's rate, its index in front", async () => {
    const encoded = await encodeFilm(film, options);
    expect(encoded).toMatchObject({ width: 64, height: 64, frames: 16, fps: 20, zoom, fit: null });
    const found = probe(encoded.bytes);
    expect(found).toMatch(/h264.*yuv420p\(tv, bt709.*64x64.*20 fps/);
    const text = Buffer.from(encoded.bytes).toString('latin1');
    expect(text.indexOf('moov')).toBeLessThan(text.indexOf('mdat'));
  });

  it('keeps colours and order, and measures what a viewer sees', async () => {
    const bytes = await encodeMp4(film, { fps: 20, crf: 12 });
    let index = 0;
    await decodeMp4(bytes, { width: 64, height: 64 }, (frame) => {
      const expected = film[index++]!.data;
      const difference = frame.data.reduce((sum, value, at) => sum + Math.abs(value - expected[at]!), 0);
      // Chroma at half resolution costs this colourful pattern a few steps; wrong matrices cost many.
      expect(difference / expected.length).toBeLessThan(5);
    });
    expect(index).toBe(16);
    const { distances, seamRatio } = await encodeFilm(film, options);
    expect(distances).toHaveLength(16);
    expect(seamRatio).toBeGreaterThan(0.5);
  });

  it.each([
    [33, 34],
    [1, 2],
  ])('makes sides of %i even', async (side, even) => {
    const odd = zoomFilm(side, 8, zoom);
    const encoded = await encodeFilm(odd, options);
    expect(encoded).toMatchObject({ width: even, height: even });
    expect(probe(encoded.bytes)).toMatch(new RegExp(`${even}x${even}`));
  });

  it('raises the rate factor, then shrinks, to keep a budget', async () => {
    const free = await encodeFilm(film, options);
    const maxBytes = Math.floor(free.bytes.length * 0.6);
    const encoded = await encodeFilm(film, { ...options, maxBytes });
    expect(encoded.bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(encoded.fit?.quality).toBeGreaterThan(20);
  });

  it('stops at once when cancelled, and leaves no file behind', async () => {
    const before = await leftovers();
    const controller = new AbortController();
    const encoding = encodeFilm(film, { ...options, signal: controller.signal });
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'cancelled' });
    expect(await leftovers()).toEqual(before);
  });

  it('passes on what ffmpeg says', async () => {
    const before = await leftovers();
    const broken = decodeMp4(new Uint8Array(100), { width: 64, height: 64 }, () => {});
    await expect(broken).rejects.toMatchObject({ code: 'ffmpeg-failed' });
    expect(await leftovers()).toEqual(before);
  });
});

describe('without ffmpeg on the PATH', () => {
  beforeEach(() => void vi.stubEnv('PATH', '/nowhere'));
  afterEach(() => void vi.unstubAllEnvs());

  it('says that it is missing, and leaves no file behind', async () => {
    const before = await leftovers();
    const encoding = encodeFilm(zoomFilm(16, 8, zoom), options);
    await expect(encoding).rejects.toMatchObject({ code: 'ffmpeg-missing' });
    expect(await leftovers()).toEqual(before);
  });
});
