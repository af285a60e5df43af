import type { AnyBlock, View } from '@slack/types';
import { z } from 'zod';

type Values = Record<string, Record<string, object>>;

/** Something of Block Kit, before anything is known of it. */
export type Json = { readonly [field: string]: unknown };
/** What a file is where it is processed; undefined for one that is not there or not ready. */
export type TypeOfFile = (file: Json) => string | undefined;
type Surface = 'message' | 'modal' | 'home';

const words = (most: number) => z.string().min(1).max(most);
const plain = (most: number) => z.looseObject({ type: z.literal('plain_text'), text: words(most) });
const text = (most: number) => z.looseObject({ type: z.enum(['plain_text', 'mrkdwn']), text: words(most) });
const id = z.string().max(255).optional();
const number = z.stringFormat('number', /^-?[\d.]+$/).optional();

const confirm = z.looseObject({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) });
const element = <T extends string>(type: T, shape: z.ZodRawShape = {}) =>
  z.looseObject({
    ...{ type: z.literal(type), action_id: id, confirm: confirm.optional() },
    ...{ placeholder: plain(150).optional(), ...shape },
  });
const block = <T extends string>(type: T, shape: z.ZodRawShape = {}) =>
  z.looseObject({ type: z.literal(type), block_id: id, ...shape });

const image = {
  ...{
    alt_text: z.string().max(2000),
    title: plain(2000).optional(),
    slack_file: z.looseObject({}).optional(),
  },
  image_url: z
    .url()
    .refine((url) => !/\.webp(?:$|\?)/.test(url), 'an image may not be WebP')
    .optional(),
};
const hasOneSource = (given: Json): boolean =>
  (given['image_url'] === undefined) !== (given['slack_file'] === undefined);
const option = z.looseObject({ text: text(75), value: words(150), description: text(75).optional() });
const hasInitial = ({ options, initial_option: initial }: Json): boolean =>
  initial === undefined || list(options).some((one) => JSON.stringify(one) === JSON.stringify(initial));

/** What the bot uses of Block Kit, with its limits; it may not use what is not here. */
const elements = [
  element('button', {
    ...{ text: plain(75), value: z.string().max(2000).optional() },
    style: z.enum(['primary', 'danger']).optional(),
  }),
  element('static_select', { options: z.array(option).min(1).max(100) })
    .refine(hasInitial, 'initial_option is none of the options')
    .refine(({ options }) => !isTwice(list(options), 'value'), 'two options have one value'),
  element('plain_text_input', { max_length: z.number().max(3000).optional() }),
  element('number_input', {
    ...{ is_decimal_allowed: z.boolean(), initial_value: number, min_value: number, max_value: number },
  }),
  element('datetimepicker', { initial_date_time: z.number().int().min(1e9).max(9_999_999_999).optional() }),
  element('file_input', { max_files: z.number().min(1).max(10).optional() }),
] as const;
const anyElement = z.union(elements);
const blocks = z.union([
  block('section', {
    ...{ text: text(3000).optional(), fields: z.array(text(2000)).min(1).max(10).optional() },
    accessory: anyElement.optional(),
  }).refine(
    ({ text: said, fields }) => said !== undefined || fields !== undefined,
    'a section has text or fields',
  ),
  block('header', { text: plain(150) }),
  block('divider'),
  block('image', image).refine(hasOneSource, 'an image has either image_url or slack_file'),
  block('context', {
    elements: z
      .array(z.union([block('image', image), text(3000)]))
      .min(1)
      .max(10),
  }),
  block('actions', { elements: z.array(anyElement).min(1).max(25) }),
  block('input', { label: plain(2000), hint: plain(2000).optional(), element: anyElement }),
]);
const schemas = { message: z.array(blocks).max(50), view: z.array(blocks).max(100) };
const viewSchema = z.looseObject({
  ...{ private_metadata: z.string().max(3000).optional(), callback_id: id, external_id: id },
  ...{ submit: plain(24).optional(), close: plain(24).optional(), title: plain(24).optional() },
});

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);
const isThere = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const isTwice = (all: readonly Json[], name: string): boolean => {
  const given = all.map((one) => one[name]).filter((value) => value !== undefined);
  return new Set(given).size < given.length;
};

/** Every element of a block that can be used. */
export const elementsOf = (given: AnyBlock | Json): readonly Json[] => {
  const { type, elements: several, element: one, accessory } = given as Json;
  return [...(type === 'actions' ? list(several) : []), ...[one, accessory].filter(isThere)];
};

/** Zod's issues; of a union's those of the kind that was meant. */
const issuesOf = ({ issues }: Pick<z.ZodError, 'issues'>): readonly string[] =>
  issues.flatMap((issue) => {
    const unions = issue.code === 'invalid_union' ? issue.errors : [];
    const meant = unions.find(
      (own) => !own.some(({ path, code }) => path[0] === 'type' && code === 'invalid_value'),
    );
    const at = issue.path.join('/');
    return meant ? issuesOf({ issues: meant }).map((one) => `/${at}${one}`) : [`/${at}: ${issue.message}`];
  });

const filesIn = (value: unknown): readonly Json[] =>
  !isThere(value)
    ? []
    : Object.entries(value).flatMap(([key, one]) => (key === 'slack_file' ? [one as Json] : filesIn(one)));

/** Marks what is a matter of time, and no mistake. */
export const unreadyFile = 'invalid slack file';

/** What is wrong with blocks, by Block Kit's limits. */
export const problemsOfBlocks = (
  given: unknown,
  { surface, typeOf }: { readonly surface: Surface; readonly typeOf: TypeOfFile },
): readonly string[] => {
  const { success, error } = schemas[surface === 'message' ? surface : 'view'].safeParse(given);
  if (!success) return issuesOf(error);
  const [all, types] = [list(given), filesIn(given).map(typeOf)];
  const inModals = ['file_input', 'plain_text_input', 'number_input'];
  const hasInput = all.flatMap(elementsOf).some(({ type }) => inModals.includes(String(type)));
  return [
    ...(isTwice(all, 'block_id') ? ['a block_id is there twice'] : []),
    ...(all.some((one) => isTwice(elementsOf(one), 'action_id')) ? ['an action_id is there twice'] : []),
    ...(types.includes(undefined) ? [unreadyFile] : []),
    ...types.flatMap((type = 'image/png') =>
      /\/(?:png|jpeg|gif)$/.test(type) ? [] : [`an image may not be ${type}`],
    ),
    ...(surface !== 'modal' && hasInput ? ['inputs are in modals only'] : []),
  ];
};

/** What is wrong with a view. */
export const problemsOfView = (view: View, typeOf: TypeOfFile): readonly string[] => {
  if (view.type !== 'modal' && view.type !== 'home') return ['a view is a modal or a home'];
  const { success, error } = viewSchema.safeParse(view);
  const needsSubmit =
    view.type === 'modal' && !view.submit && view.blocks.some(({ type }) => type === 'input');
  return [
    ...(success ? [] : issuesOf(error)),
    ...(needsSubmit ? ['submit is missing'] : []),
    ...(Buffer.byteLength(JSON.stringify(view)) >= 250_000 ? ['view_too_large'] : []),
    ...problemsOfBlocks(view.blocks, { surface: view.type, typeOf }),
  ];
};

/** What a filled in element is in a view's state. */
export const filledIn = ({ type, options, action_id }: Json, value: unknown): object => {
  if (type === 'file_input') return { type, files: value };
  if (type === 'datetimepicker') return { type, selected_date_time: value === null ? null : Number(value) };
  if (type !== 'static_select') return { type, value: value === null ? null : String(value) };
  const found = list(options).find((one) => one['value'] === String(value));
  if (!found && value !== null) throw new Error(`no option ${value} of ${action_id}`);
  return { type, selected_option: found ?? null };
};

/** What stands in a view before anybody fills it in. */
export const initialValues = (given: readonly AnyBlock[]): Values => {
  const values: Values = {};
  for (const [one, used] of given.flatMap((each) => elementsOf(each).map((own) => [each, own] as const))) {
    if (used['type'] === 'button') continue;
    const { initial_option: option_ = null, initial_value, initial_date_time, action_id } = used;
    const value = initial_value ?? initial_date_time ?? null;
    const initial = used['type'] === 'file_input' ? [] : isThere(option_) ? option_['value'] : value;
    const blockId = one.block_id ?? '';
    values[blockId] = { ...values[blockId], [String(action_id)]: filledIn(used, initial) };
  }
  return values;
};
