/**
 * `npm run bench:film`: films as the product makes them, how near they are to their photos by judges that the product does
 * not use (VGG19, smaller VGG19, Inception-v3's `mixed_2` and `mixed_4`), and whether they keep what films shall keep.
 * `-- --photos chelsea,gravel --quality draft,standard --size 128 --frames 16 --out out/films`,
 * `-- --precision float,int8` for both, compared; without it, as the product chooses.
 * `-- --tuning '{"mostLoopFrames": 12, "filmDescent": {"rate": 0.01}}'`, `-- --gramzoom` for the reference method.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import type { PrecisionChoice } from '../src/domain/engines.ts';
import type { ZoomInput, ZoomRequest } from '../src/domain/kinds/zoom.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { toRgbImage } from '../src/domain/picture.ts';
import { tunings } from '../src/engine/zoom/plan.ts';
import { encodePng } from '../src/image/png.ts';
import { againstGramzoom, verdictsOf } from './film-criteria.ts';
import { type FilmFigures, figuresOf } from './film-figures.ts';
import { gramzoomFactor } from './film-gramzoom.ts';
import type { GradientMap } from './film-lines.ts';
import { productRate } from './film-machine.ts';
import { readFilmOptions } from './film-options.ts';
import type { FilmOrder } from './film-order.ts';
import { comparePrecisions } from './film-precisions.ts';
import { filmSheet } from './film-sheet.ts';
import { type Take, takeFilm } from './film-take.ts';
import { filmLine, headingLine, legendLines, precisionLines, verdictLines } from './film-text.ts';
import { mergeTuning } from './film-tuning.ts';
import { machineLines } from './machine.ts';
import { type Measured, openJudges } from './quality-judges.ts';
import { openQualityPhoto, type QualityPhoto } from './quality-photos.ts';

type Wanted = {
  readonly label: string;
  readonly request: ZoomRequest;
  readonly precision: PrecisionChoice;
  readonly method: FilmOrder['method'];
  /** Enlargement per frame. */
  readonly zoom: number;
};

const options = readFilmOptions(process.argv.slice(2));
const { threads, dataDir } = readConfig();
const { seed, network, out } = options;
const print = (line: string): void => {
  if (!options.json) process.stdout.write(`${line}\n`);
};

const requestOf = (input: ZoomInput): ZoomRequest => ({
  ...parseRequest({ ...options.request, ...input }),
  seed,
});

/** The precisions of one film follow each other, and take turns in being first: the machine is not always as busy. */
const filmsOf = (photoIndex: number): readonly Wanted[] => {
  const precisions = photoIndex % 2 === 0 ? options.precisions : options.precisions.toReversed();
  return options.qualities.flatMap((quality) => {
    const request = requestOf({ quality });
    const method = { kind: 'ours', tuning: mergeTuning(tunings[quality], options.tuning) } as const;
    return precisions.map((precision) => ({
      label: quality,
      request,
      precision,
      method,
      zoom: request.zoom,
    }));
  });
};

const references: readonly Wanted[] =
  options.gramzoomFrames === undefined
    ? []
    : [requestOf({ frames: options.gramzoomFrames, aspect: 'square' })].map((request) => ({
        label: 'gramzoom',
        request,
        precision: 'float',
        method: { kind: 'gramzoom' },
        zoom: gramzoomFactor(request),
      }));

const keep = async (
  name: string,
  take: Take,
  shown: { readonly photo: QualityPhoto; readonly zoom: number; readonly lineMap: GradientMap },
): Promise<void> => {
  if (out === undefined) return;
  await mkdir(out, { recursive: true });
  await writeFile(join(out, `${name}.gif`), take.file);
  const sheet = filmSheet(take.frames, { ...shown, photo: toRgbImage(shown.photo.reference) });
  await writeFile(join(out, `${name}.png`), await encodePng(sheet));
};

const judges = await openJudges({ threads });

type Photo = QualityPhoto & { readonly goal: Measured };

const measure = async (photo: Photo, wanted: Wanted): Promise<FilmFigures> => {
  const { label, request, precision, method, zoom } = wanted;
  const rate = await productRate({ threads });
  const take = await takeFilm({
    request,
    method,
    network,
    networksFolder: join(dataDir, 'networks'),
    threads,
    precision,
    photo: await encodePng(toRgbImage(photo.picture)),
  });
  const { figures, lineMap } = await figuresOf(take, {
    label,
    photo,
    goal: photo.goal,
    zoom,
    judges,
    network,
    productRate: rate,
  });
  await keep(`${photo.name}-${label}-${figures.film.precision}`, take, { photo, zoom, lineMap });
  print(filmLine(figures));
  return figures;
};

const machine = machineLines({ threads });
for (const line of machine) print(line);
const { size, frames, zoom: factor, aspect } = requestOf({});
print(`${size} px, ${aspect}, ${frames} frames of ${factor}, seed ${seed}, network ${network}\n`);
print(headingLine());
const ours: FilmFigures[] = [];
const theirs: FilmFigures[] = [];
try {
  for (const [photoIndex, asked] of options.photos.entries()) {
    const opened = await openQualityPhoto(asked, size);
    const photo = { ...opened, goal: await judges.measure(opened.reference) };
    for (const wanted of filmsOf(photoIndex)) ours.push(await measure(photo, wanted));
    for (const wanted of references) theirs.push(await measure(photo, wanted));
  }
} finally {
  await judges.close();
}

const verdicts = [...verdictsOf(ours), ...(theirs.length > 0 ? [againstGramzoom(ours, theirs)] : [])];
const comparisons = comparePrecisions(ours);
print('');
for (const line of legendLines) print(line);
print('\nwhat films shall keep');
for (const line of verdictLines(verdicts)) print(line);
for (const line of precisionLines(comparisons)) print(line);
if (out !== undefined) print(`\nfilms and sheets: ${out}`);
if (options.json) {
  const result = { machine, options, films: [...ours, ...theirs], verdicts, comparisons };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
