/** `node .ci/inspect-film.ts FILE SIDE FRAMES`: fails unless the file is that film, looping, and moving. */
import { strict as assert } from 'node:assert';
import sharp from 'sharp';

const [file, side, frames] = process.argv.slice(2);
const { format, width, pageHeight, pages, loop } = await sharp(file, { pages: -1 }).metadata();
assert.deepEqual(
  { format, width, pageHeight, pages, loop },
  { format: 'gif', width: Number(side), pageHeight: Number(side), pages: Number(frames), loop: 0 },
);
const [first, last] = await Promise.all(
  [0, Number(frames) - 1].map((page) => sharp(file, { page }).removeAlpha().raw().toBuffer()),
);
assert.ok(first && last && !first.equals(last), 'the first and the last frame are the same');
process.stdout.write(`${file}: ${pages} frames of ${width} x ${pageHeight}, looping for ever\n`);
