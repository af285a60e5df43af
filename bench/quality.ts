/**
 * `npm run bench:quality`: how near stills come to their photos, by judges that the product does not use (VGG19, a
 * smaller VGG19, two layers of Inception-v3, patches, colours), and a sheet of them to look at. What is slow can be
 * made earlier and joined:
 * `npm run bench:quality -- --networks vgg19-conv3,random --save out/slow.json`, then
 * `npm run bench:quality -- --load out/slow.json`. With `--steps 160` each level takes so many steps: what a
 * network can do, apart from how fast it gets there.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { fromRgbImage, toRgbImage } from '../src/domain/picture.ts';
import { sizeMultiple } from '../src/domain/request.ts';
import { encodePng } from '../src/image/png.ts';
import { comparisonNetwork } from './comparison-networks.ts';
import { contactSheet } from './contact-sheet.ts';
import { machineLines } from './machine.ts';
import type { Judged } from './quality-figures.ts';
import { openJudges } from './quality-judges.ts';
import { defaultPhotos, mirrored, openQualityPhoto, type QualityPhoto } from './quality-photos.ts';
import { claimLines, meanLines, photoLines } from './quality-report.ts';
import { gatherStills } from './quality-stills.ts';
import { loadStills, type Still } from './saved-stills.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    networks: { type: 'string', default: 'pocket,pocket-v0,vgg19-conv3,random' },
    seeds: { type: 'string', default: '1,2,3' },
    size: { type: 'string', default: '256' },
    steps: { type: 'string' },
    out: { type: 'string', default: 'out/quality.png' },
    save: { type: 'string' },
    load: { type: 'string', multiple: true, default: [] },
  },
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const list = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

const wholeNumber = (name: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes whole numbers, not ${text}`);
  return Number(text);
};

const size = wholeNumber('size', values.size);
if (size < 64 || size % sizeMultiple !== 0) {
  throw new Error(`--size takes multiples of ${sizeMultiple} from 64 on, not ${size}`);
}
const seeds = list(values.seeds).map((seed) => wholeNumber('seeds', seed));
const steps = values.steps === undefined ? undefined : wholeNumber('steps', values.steps);
const { threads, dataDir } = readConfig();
const networks = list(values.networks).map((asked) =>
  comparisonNetwork(asked, { folder: join(dataDir, 'networks') }),
);

const photos: QualityPhoto[] = [];
for (const asked of values.photos === undefined ? defaultPhotos() : list(values.photos)) {
  photos.push(await openQualityPhoto(asked, size));
}

for (const line of machineLines({ threads })) print(line);
const loaded: Still[] = [];
for (const path of values.load) loaded.push(...(await loadStills(path)));
const stills = await gatherStills({ networks, photos, seeds, size, steps, threads }, loaded, {
  print: (line) => process.stderr.write(`${line}\n`),
  ...(values.save !== undefined && { save: values.save }),
});

const judges = await openJudges({ threads });
const judged: Judged[] = [];
const floors: Judged[] = [];
const present = networks
  .map(({ name }) => name)
  .filter((name) => stills.some((still) => still.network === name));
try {
  for (const photo of photos) {
    const wanted = await judges.measure(photo.reference);
    const floor = judges.compare(await judges.measure(mirrored(photo.reference)), wanted);
    floors.push({ network: 'mirrored photo', photo: photo.name, seed: 0, scores: floor });
    for (const { network, seed, image } of stills.filter((still) => still.photo === photo.name)) {
      const scores = judges.compare(await judges.measure(fromRgbImage(image)), wanted);
      judged.push({ network, photo: photo.name, seed, scores });
    }
    const block = { title: photo.name, judges: judges.names, networks: present };
    print('');
    for (const line of photoLines(
      block,
      judged.filter((each) => each.photo === photo.name),
      floor,
    )) {
      print(line);
    }
  }
} finally {
  await judges.close();
}

const unseen = new Set(photos.filter(({ heldOut }) => heldOut).map(({ name }) => name));
const isUnseen = ({ photo }: Judged): boolean => unseen.has(photo);
const blocks = [
  [`all photos (${photos.length})`, judged, floors],
  [`held out (${unseen.size})`, judged.filter(isUnseen), floors.filter(isUnseen)],
] as const;
for (const [title, some, someFloors] of blocks) {
  if (some.length === 0) continue;
  print('');
  for (const line of meanLines({ title, judges: judges.names, networks: present }, some, someFloors))
    print(line);
}
print(
  `  Stills at ${size} px${steps === undefined ? '' : `, ${steps} steps a level`}; mean ± standard deviation over seeds ${seeds.join(', ')}; over photos the geometric`,
);
print(
  '  mean. Networks: relative Gram distance, of Inception-v3 by one layer alone. Patches: sliced Wasserstein.',
);
print('  Small is near.');

print('\nwhat pocket shall keep');
for (const line of claimLines(judged, judged.filter(isUnseen))) print(line);

const rows = photos.map((photo) => [
  toRgbImage(photo.reference),
  ...present.map(
    (network) =>
      stills.find((still) => still.network === network && still.photo === photo.name)?.image ?? null,
  ),
]);
await mkdir(dirname(values.out), { recursive: true });
await writeFile(values.out, await encodePng(contactSheet(rows, { side: size })));
print(`\nsheet: ${values.out}`);
print(
  `  across: ${['photo', ...present].join(' | ')} (seed ${seeds[0]}); down: ${photos.map(({ name }) => name).join(', ')}`,
);
