import { GramzoomError } from './errors.ts';
import { zoom, zoomSteps } from './kinds/zoom.ts';
import { parseRequest, type RenderRequest } from './kinds.ts';
import { fieldRule, sizeMultiple } from './request.ts';

/** What of a film its work comes from, as far as somebody would change it to make it less. */
export type FilmShape = Pick<RenderRequest, 'size' | 'frames' | 'steps'>;

/** The film that a request without options gives: the unit of work for people. */
export const defaultFilm: RenderRequest = { ...parseRequest({}), seed: 0 };

/** What is given up first, and down to where: steps beyond the finest quality show least. */
const concessions: readonly (readonly [keyof FilmShape, number])[] = [
  ['steps', zoomSteps.fine],
  ['frames', defaultFilm.frames],
  ['steps', zoomSteps.standard],
  ['size', defaultFilm.size],
  ['frames', fieldRule(zoom.fields, 'frames').min ?? 1],
  ['steps', fieldRule(zoom.fields, 'steps').min ?? 1],
  ['size', fieldRule(zoom.fields, 'size').min ?? sizeMultiple],
];

const granularity = (field: keyof FilmShape): number => (field === 'size' ? sizeMultiple : 1);

/** The largest value from `least` to what is asked for with which it fits, or `least` where none does. */
const reduce = (
  request: RenderRequest,
  field: keyof FilmShape,
  options: { readonly least: number; readonly fits: (request: RenderRequest) => boolean },
): RenderRequest => {
  let value = request[field];
  while (value > options.least && !options.fits({ ...request, [field]: value })) value -= granularity(field);
  return { ...request, [field]: Math.min(request[field], Math.max(options.least, value)) };
};

/** A film as near as may be to the one asked for that is no more than so much work, in any unit. */
export const fittingFilm = (
  request: RenderRequest,
  { most, workOf }: { readonly most: number; readonly workOf: (request: RenderRequest) => number },
): FilmShape => {
  const fits = (film: RenderRequest): boolean => workOf(film) <= most;
  let film = request;
  for (const [field, least] of concessions) {
    if (fits(film)) break;
    film = reduce(film, field, { least, fits });
  }
  const { size, frames, steps } = film;
  return { size, frames, steps };
};

/**
 * Refuses a film that is more work than an operator allows.
 * @param options.most in default films, at least one
 * @param options.workOf in any unit
 * @throws GramzoomError `too-much-work` with a film that would fit
 */
export const requireWork = (
  request: RenderRequest,
  options: { readonly most: number; readonly workOf: (request: RenderRequest) => number },
): void => {
  const unit = options.workOf(defaultFilm);
  const workOf = (film: RenderRequest): number => options.workOf(film) / unit;
  const work = workOf(request);
  if (work <= options.most) return;
  const fitting = fittingFilm(request, { most: options.most, workOf });
  throw new GramzoomError('too-much-work', { work, most: options.most, ...fitting });
};
