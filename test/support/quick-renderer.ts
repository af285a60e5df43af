import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import type { BotRenderer } from '../../src/bot/rendering.ts';
import { parseRequest, type RenderRequest } from '../../src/domain/kinds.ts';
import { zoomWork } from '../../src/engine/zoom/plan.ts';
import { createGifEncoder } from '../../src/image/gifenc.ts';
import { workOf } from '../../src/render/kinds.ts';
import { createFakeRenderer } from './fake-renderer.ts';

/** Of films that others wait behind, and of large ones but for reels: their pictures come three seconds after they began. */
const slowFrameMs = 500;
const isReel = (request: RenderRequest): boolean => request.kind === 'zoom' && request.through !== undefined;
const framesOf = (request: RenderRequest): number => (request.kind === 'zoom' ? request.frames : 1);
const isSlow = (request: RenderRequest): boolean =>
  !isReel(request) && (framesOf(request) > 100 || request.size > 64);

/** A GIF of as many frames as were asked for, which moves; its colours are the seed's. */
const film = (request: RenderRequest): Uint8Array => {
  const { size, seed } = request;
  const frames = framesOf(request);
  const gif = createGifEncoder();
  const palette = Array.from({ length: 256 }, (_, index) => [index, seed & 255, (seed >> 8) & 255]);
  for (let frame = 0; frame < frames; frame++) {
    const pixels = Uint8Array.from({ length: size * size }, (_, at) => (at + 16 * frame) & 255);
    gif.writeFrame(pixels, size, size, { palette, delay: 50 });
  }
  gif.finish();
  return gif.bytes();
};

const pictures = new Map(
  await Promise.all(
    [64, 256].map(async (side) => {
      const create = { width: side, height: side, channels: 3, background: 'orange' } as const;
      return [side, new Uint8Array(await sharp({ create }).jpeg().toBuffer())] as const;
    }),
  ),
);

const slow: RenderRequest = { ...parseRequest({ size: 64, frames: 240, steps: 16 }), seed: 0 };

/** For the bot: films without an engine, small ones at once, of sizes 64 and 256. */
export const createQuickRenderer = (): BotRenderer => ({
  ...createFakeRenderer({
    before: async ({ request }) => {
      if (isSlow(request)) await pause(slowFrameMs);
    },
    probe: async () => (slowFrameMs / 1000) * (slow.frames / zoomWork(slow)),
    encode: {
      film,
      picture: ({ size }) => {
        const picture = pictures.get(size);
        if (!picture) throw new Error(`no picture of size ${size}`);
        return picture;
      },
    },
  }),
  work: workOf,
  warm: true,
  residentBytes: async () => null,
});
