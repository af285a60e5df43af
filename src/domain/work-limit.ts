import { GramzoomError } from './errors.ts';
import { parseZoom, type ZoomRequest } from './kinds/zoom.ts';
import { kindOf, type RenderRequest } from './kinds.ts';
import { sizeMultiple } from './request.ts';

/** The film that a request without options gives: the unit of work for people, whatever they ask for. */
export const defaultFilm: ZoomRequest = { ...parseZoom({}), seed: 0 };

/** Values of fields, such as `{ size: 512, steps: 3 }`. */
type Amounts = Readonly<Record<string, number>>;

const amountOf = (request: RenderRequest, field: string): number => Number(Reflect.get(request, field));

const granularity = (field: string): number => (field === 'size' ? sizeMultiple : 1);

/** The largest value from `least` to what is asked for with which it fits, or `least` where none does. */
const reduce = (
  request: RenderRequest,
  field: string,
  options: { readonly least: number; readonly fits: (request: RenderRequest) => boolean },
): RenderRequest => {
  const asked = amountOf(request, field);
  let value = asked;
  while (value > options.least && !options.fits({ ...request, [field]: value })) value -= granularity(field);
  return { ...request, [field]: Math.min(asked, Math.max(options.least, value)) };
};

/** What to ask for instead: as near as may be to a request, and no more than so much work, in any unit. */
const fittingAmounts = (
  request: RenderRequest,
  { most, workOf }: { readonly most: number; readonly workOf: (request: RenderRequest) => number },
): Amounts => {
  const { concessions } = kindOf(request);
  const fits = (smaller: RenderRequest): boolean => workOf(smaller) <= most;
  let fitting = request;
  for (const [field, least] of concessions) {
    if (fits(fitting)) break;
    fitting = reduce(fitting, field, { least, fits });
  }
  return Object.fromEntries(concessions.map(([field]) => [field, amountOf(fitting, field)]));
};

/**
 * Refuses what is more work than an operator allows.
 * @param options.most in default films, at least one
 * @param options.workOf in any unit
 * @throws GramzoomError `too-much-work` with what would fit
 */
export const requireWork = (
  request: RenderRequest,
  options: { readonly most: number; readonly workOf: (request: RenderRequest) => number },
): void => {
  const unit = options.workOf(defaultFilm);
  const workOf = (one: RenderRequest): number => options.workOf(one) / unit;
  const work = workOf(request);
  if (work <= options.most) return;
  const fitting = fittingAmounts(request, { most: options.most, workOf });
  throw new GramzoomError('too-much-work', { work, most: options.most, fitting });
};
