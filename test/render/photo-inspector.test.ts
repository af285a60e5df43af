import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toGramzoomError } from '../../src/domain/errors.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { residentBytes } from '../../src/render/memory.ts';
import { PhotoInspector, type PhotoInspectorOptions } from '../../src/render/photo-inspector.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { order } from '../support/fake-run.ts';
import { jpegFile, truncatedJpeg } from '../support/hostile-images.ts';

const { signal: never } = new AbortController();

const outcome = (inspected: Promise<void>): Promise<string> =>
  inspected.then(
    () => 'fine',
    (error: unknown) => toGramzoomError(error).code,
  );

describe('the photo inspector and a child that goes wrong', () => {
  let clock: FakeClock;
  let inspector: PhotoInspector;
  const create = (options: Partial<PhotoInspectorOptions> = {}) =>
    new PhotoInspector({
      clock,
      maxBytes: 1000,
      entry: new URL('../support/fake-child.ts', import.meta.url),
      ...options,
    });
  beforeEach(() => {
    clock = createFakeClock();
    inspector = create();
  });
  afterEach(() => inspector.close());

  const inspect = (what: string, signal = never): Promise<string> =>
    outcome(inspector.inspect(order(what), { signal }));

  it.each([
    ['is fine', 'fine', 'fine'],
    ['is refused', 'damaged', 'photo-damaged'],
    ['crashes the child', 'fault', 'photo-damaged'],
    ['gets the child killed', 'killed', 'photo-too-heavy'],
  ])('judges a photo that %s, and goes on with the next one', async (_what, photo, code) => {
    expect(await inspect(photo)).toBe(code);
    expect(await inspect('fine')).toBe('fine');
  });

  it('ends a child whose decoder was given up, since it may still be at work', async () => {
    await inspect('fine');
    const pid = inspector.pid!;
    expect(await inspect('too slow')).toBe('photo-too-slow');
    await expect.poll(() => residentBytes(pid)).toBeNull();
    expect(await inspect('fine')).toBe('fine');
  });

  it('opens a photo once that was fine just now', async () => {
    await inspector.preview(order('fine'), { within: { width: 1, height: 1 }, signal: never });
    await inspector.close();
    expect(await inspect('fine')).toBe('fine');
    expect(await inspect('another')).toBe('cancelled');
  });

  it('blames nobody whose neighbour killed the child', async () => {
    const codes = await Promise.all(['fine', 'fault', 'fine', 'killed', 'fine'].map((what) => inspect(what)));
    expect(codes).toEqual(['fine', 'photo-damaged', 'fine', 'photo-too-heavy', 'fine']);
  });

  it('refuses a photo over which the child grows too large', async () => {
    await inspector.close();
    inspector = create({ clock: systemClock, maxRssBytes: 250e6, memoryIntervalMs: 5 });
    const refused = inspector.inspect(order('grow'), { signal: never });
    await expect(refused).rejects.toMatchObject({ code: 'photo-too-heavy', data: { maxBytes: 250e6 } });
    expect(await inspect('fine')).toBe('fine');
  });

  it('refuses a photo over which the child falls silent', async () => {
    const refused = inspect('block');
    await expect.poll(() => inspector.pid).toBeDefined();
    clock.advance(20_000);
    expect(await refused).toBe('photo-too-slow');
  });

  it('looks at one photo at a time', async () => {
    const waiting = inspect('block');
    const next = inspect('fine');
    await expect.poll(() => inspector.pid).toBeDefined();
    const first = inspector.pid;
    clock.advance(20_000);
    expect(await waiting).toBe('photo-too-slow');
    expect(await next).toBe('fine');
    expect(inspector.pid).not.toBe(first);
  });

  it('lets go of a photo that nobody waits for any more', async () => {
    const controller = new AbortController();
    const waiting = inspect('block', controller.signal);
    await expect.poll(() => inspector.pid).toBeDefined();
    controller.abort();
    clock.advance(300);
    expect(await waiting).toBe('cancelled');
    expect(await inspect('fine')).toBe('fine');
  });

  it('ends the child once it has had nothing to do for a minute, and starts another one', async () => {
    await inspect('fine');
    const pid = inspector.pid!;
    clock.advance(59_000);
    await inspect('fine');
    expect(inspector.pid).toBe(pid);
    clock.advance(60_000);
    await expect.poll(() => residentBytes(pid)).toBeNull();
    expect(inspector.pid).toBeUndefined();
    expect(await inspect('fine')).toBe('fine');
  });

  it('says so where no child can be started', async () => {
    const broken = create({ entry: new URL('file:///no/such/child.ts') });
    expect(await outcome(broken.inspect(order('fine'), { signal: never }))).toBe('render-crashed');
    await broken.close();
  });
});

describe('the photo inspector', () => {
  let inspector: PhotoInspector;
  beforeEach(() => {
    inspector = new PhotoInspector({ clock: systemClock, maxBytes: 1e6 });
  });
  afterEach(() => inspector.close());

  const inspect = (bytes: Uint8Array) => outcome(inspector.inspect(bytes, { signal: never }));

  it('opens photos and says what is wrong with them', async () => {
    expect(await inspect(await jpegFile())).toBe('fine');
    expect(await inspect(await truncatedJpeg())).toBe('photo-damaged');
    expect(await inspect(order('<svg '))).toBe('photo-format');
    expect(await inspect(new Uint8Array(1e6 + 1))).toBe('photo-too-many-bytes');
  });

  it('makes a preview that is upright, fits its box and holds nothing but pixels', async () => {
    const photo = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#c06020' } })
      .jpeg()
      .withExif({ IFD0: { Model: 'SecretCam' }, IFD3: { GPSLatitude: '48/1 8/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(photo.includes('SecretCam')).toBe(true);
    const preview = await inspector.preview(photo, { within: { width: 100, height: 100 }, signal: never });
    const file = Buffer.from(preview.file);
    expect([preview.width, preview.height]).toEqual([50, 100]);
    const metadata = await sharp(file).metadata();
    expect(metadata).toMatchObject({ format: 'webp', width: 50, height: 100 });
    for (const kind of ['exif', 'icc', 'xmp', 'iptc', 'orientation'] as const) {
      expect(metadata[kind]).toBeUndefined();
    }
    expect(file.includes('SecretCam')).toBe(false);
    const small = await inspector.preview(photo, { within: { width: 999, height: 999 }, signal: never });
    expect([small.width, small.height]).toEqual([200, 400]);
  });

  it('says what is wrong with a photo that it should make a preview of', async () => {
    const refused = inspector.preview(await truncatedJpeg(), {
      within: { width: 9, height: 9 },
      signal: never,
    });
    await expect(refused).rejects.toMatchObject({ code: 'photo-damaged' });
  });

  it('opens them in another process, which is there only for that', async () => {
    expect(inspector.pid).toBeUndefined();
    await inspect(await jpegFile());
    expect(inspector.pid).toBeDefined();
    expect(inspector.pid).not.toBe(process.pid);
  });
});
