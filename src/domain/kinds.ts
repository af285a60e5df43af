/** The kinds of renders there are. A new one is a file in `kinds/` and a line here. */
import { z } from 'zod';
import { GramzoomError } from './errors.ts';
import type { Kind } from './kinds/kind.ts';
import { texture } from './kinds/texture.ts';
import { zoom } from './kinds/zoom.ts';
import type { Progress } from './progress.ts';
import type { FieldRule } from './request.ts';

export const kinds = { zoom, texture } as const;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** The kind of a request that names none. */
export const defaultKind = 'zoom' satisfies KindName;

/** What people can ask for of a request: not that a film goes through other photos, too. */
export const withoutFurtherPhotos = (request: RenderRequest): RenderRequest => {
  if (request.kind !== 'zoom') return request;
  const { through: _, ...rest } = request;
  return rest;
};

/** What is known of the kind of a request. */
export const kindOf = ({ kind }: { readonly kind: KindName }): Kind<RenderRequest, RenderOptions> =>
  kinds[kind];

/** The next larger size of its kind; null if there is none. */
export const largerSize = (request: Pick<RenderRequest, 'kind' | 'size'>): number | null =>
  kindOf(request).sizes.find((size) => size > request.size) ?? null;

/** How far a render of that request is once so many units are done. */
export const progressOf = (request: RenderOptions, done: number): Progress => {
  const { unit, units } = kindOf(request);
  return { done, total: units(request), unit };
};

/** What was stored before there were kinds is a zoom. */
const withKind = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  // There was an option `motion`, with one choice.
  const { motion: _, ...rest } = value as { readonly motion?: unknown };
  return { kind: defaultKind, ...rest };
};

/** One schema of each kind, as the options of a union. */
const schemasOf = <Part extends 'requestSchema' | 'reportSchema'>(part: Part) =>
  kindNames.map((name) => kinds[name][part]) as unknown as readonly [(typeof kinds)[KindName][Part]];

/** A request that says everything, as it is stored and handed to the renderer: the seed has been drawn. */
export const renderRequestSchema = z.preprocess(
  withKind,
  z.discriminatedUnion('kind', schemasOf('requestSchema')),
);
/** Facts about a finished render. */
export const renderReportSchema = z.preprocess(
  withKind,
  z.discriminatedUnion('kind', schemasOf('reportSchema')),
);

export type RenderRequest = Readonly<z.output<typeof renderRequestSchema>>;
export type RenderReport = Readonly<z.output<typeof renderReportSchema>>;
/** A request with its defaults filled in; the seed only where it was named. */
export type RenderOptions = ReturnType<(typeof kinds)[KindName]['parse']>;

/** Every field that some kind has, once. */
export const allFields: readonly FieldRule[] = Object.values(kinds)
  .flatMap(({ fields }) => fields)
  .filter(({ name }, index, all) => all.findIndex((field) => field.name === name) === index);

/** The options of the kind that is named, of the usual one where none is; of any where that is not known. */
type OptionsOf<Input> = Input extends { readonly kind: infer Name extends KindName }
  ? Extract<RenderOptions, { readonly kind: Name }>
  : unknown extends Input
    ? RenderOptions
    : string extends keyof Input
      ? RenderOptions
      : Extract<RenderOptions, { readonly kind: typeof defaultKind }>;

/**
 * Checks what a person asked for and fills in the defaults.
 * @param input raw values by field; `kind` may be one of them
 * @throws GramzoomError `request-field`, `request-fields`
 */
export const parseRequest = <Input>(input: Input): OptionsOf<Input> => parseAny(input) as OptionsOf<Input>;

const parseAny = (input: unknown): RenderOptions => {
  if (typeof input !== 'object' || input === null || !('kind' in input))
    return kinds[defaultKind].parse(input);
  const { kind, ...options } = input;
  const name = kindNames.find((known) => known === kind);
  if (name !== undefined) return kinds[name].parse(options);
  const expected = { kind: 'choice', choices: kindNames } as const;
  throw new GramzoomError('request-field', { field: 'kind', expected, received: String(kind) });
};
