/**
 * `npm run bench:reel -- --photos chelsea,gravel,coffee --frames 96 --out out/reel`: a film through several photos, how
 * far each frame is from each of them, and how much it changes from frame to frame.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { fromRgbImage, type RgbImage } from '../src/domain/picture.ts';
import { median } from '../src/domain/statistics.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { renderZoom } from '../src/engine/kinds/zoom.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { photoTurns } from '../src/engine/zoom/photo-order.ts';
import { planZoom, tunings } from '../src/engine/zoom/plan.ts';
import { encodeFilm } from '../src/image/encode-film.ts';
import { encodePng } from '../src/image/png.ts';
import { createMotionMeter } from '../src/image/seam.ts';
import { openNetwork } from '../src/networks/open.ts';
import { peakResidentBytes } from '../src/render/memory.ts';
import { contactSheet } from './contact-sheet.ts';
import { machineLines } from './machine.ts';
import { openQualityPhoto } from './quality-photos.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: 'chelsea,gravel,coffee' },
    frames: { type: 'string', default: '96' },
    size: { type: 'string', default: '256' },
    quality: { type: 'string', default: 'standard' },
    seed: { type: 'string', default: '1' },
    network: { type: 'string', default: 'pocket' },
    'max-bytes': { type: 'string' },
    out: { type: 'string' },
  },
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const { frames, size, seed } = {
  frames: Number(values.frames),
  size: Number(values.size),
  seed: Number(values.seed),
};
const maxBytes = values['max-bytes'] === undefined ? {} : { maxBytes: values['max-bytes'] };
const request = {
  ...parseRequest({ frames, size, quality: values.quality, network: values.network, ...maxBytes }),
  seed,
};
const { threads } = readConfig();
const photos = await Promise.all(values.photos.split(',').map((name) => openQualityPhoto(name, size)));
const [first, ...others] = photos.map(({ picture }) => picture);
if (!first) throw new Error('--photos names no photo');
const network = await openNetwork(request.network, { depth: request.depth });
const backend = await openOnnxBackend(network, styleObjective, { threads });

const begun = performance.now();
const images: RgbImage[] = [];
for await (const event of renderZoom(request, first, backend, {
  signal: new AbortController().signal,
  through: others,
})) {
  if (event.kind === 'frame') images.push(event.image);
}
const seconds = (performance.now() - begun) / 1000;
const peakMegabytes = peakResidentBytes() / 1e6;

const sides = { width: size, height: size };
const targets = [];
for (const { reference } of photos) targets.push(await backend.measure(reference, sides));
const losses: number[][] = [];
for (const image of images) {
  const picture = fromRgbImage(image);
  const row: number[] = [];
  for (const target of targets) row.push((await backend.evaluate(picture, target)).losses.gram);
  losses.push(row);
}
await backend.close();

const { fps, zoom, format, direction } = request;
const film = await encodeFilm(images, { fps, zoom, format, direction, maxBytes: request.maxBytes });
// Of the frames as they are made: a file that has to be small may lack some.
const meter = createMotionMeter(zoom, direction);
for (const image of images) meter.add(image);
const { distances, seamRatio } = meter.finish();
const steps = distances.slice(0, -1);
const usual = median(steps);

const shown = losses.map((row) => row.indexOf(Math.min(...row)));
const { loopFrames } = planZoom(request, first, { tuning: tunings[request.quality] });
for (const line of machineLines({ threads })) print(line);
print(
  `${photos.map(({ name }) => name).join(' -> ')}: ${size} px, ${frames} frames, seed ${seed}, ${seconds.toFixed(1)} s, peak ${peakMegabytes.toFixed(0)} MB`,
);
print(`targets turn at ${photoTurns({ photos: photos.length, frames, loopFrames }).join(', ')}`);
photos.forEach(({ name }, index) => {
  const own = shown.filter((place) => place === index).length;
  print(`${name.padEnd(10)} nearest in ${own} frames (${(own / fps).toFixed(2)} s)`);
});
print(`frame  change/median  ${photos.map(({ name }) => name.padStart(10)).join('')}`);
losses.forEach((row, index) => {
  const change = index === 0 ? distances.at(-1)! : distances[index - 1]!;
  const cells = row.map((loss) => loss.toFixed(4).padStart(10)).join('');
  print(
    `${String(index).padStart(5)}  ${(change / usual).toFixed(2).padStart(13)}  ${cells}  ${photos[shown[index]!]!.name}`,
  );
});
print(
  `largest change ${(Math.max(...steps) / usual).toFixed(2)} of the median (${usual.toFixed(2)} bytes), smallest ${(Math.min(...steps) / usual).toFixed(2)}`,
);
print(`seamRatio ${seamRatio.toFixed(3)}, file ${film.bytes.length} bytes, fit ${JSON.stringify(film.fit)}`);

if (values.out !== undefined) {
  await mkdir(values.out, { recursive: true });
  await writeFile(join(values.out, `reel.${format}`), film.bytes);
  const columns = 8;
  const every = Math.max(1, Math.round(frames / (6 * columns)));
  const picked = images.filter((_, index) => index % every === 0);
  const rows = Array.from({ length: Math.ceil(picked.length / columns) }, (_, row) =>
    picked.slice(row * columns, (row + 1) * columns),
  );
  await writeFile(join(values.out, 'sheet.png'), await encodePng(contactSheet(rows, { side: 160 })));
}
