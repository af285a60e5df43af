import type { AnyBlock, View } from '@slack/types';
import { z } from 'zod';

type Json = { readonly [field: string]: unknown };
/** What a file is where it is processed; undefined for one that is not there or not ready. */
export type TypeOfFile = (file: { readonly id?: unknown; readonly url?: unknown }) => string | undefined;

const words = (most: number) => z.string().min(1).max(most);
const plain = (most: number) => z.looseObject({ type: z.literal('plain_text'), text: words(most) });
const text = (most: number) => z.looseObject({ type: z.enum(['plain_text', 'mrkdwn']), text: words(most) });
const id = z.string().max(255).optional();

const image = {
  alt_text: z.string().max(2000),
  image_url: z
    .url()
    .refine((url) => !/\.webp(?:$|\?)/.test(url), 'an image may not be WebP')
    .optional(),
  slack_file: z.looseObject({}).optional(),
};
const hasOneSource = [
  (given: Json): boolean => (given['image_url'] === undefined) !== (given['slack_file'] === undefined),
  'an image has either image_url or slack_file',
] as const;
const imageElement = z.looseObject({ type: z.literal('image'), ...image }).refine(...hasOneSource);

const confirm = z.looseObject({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) });
const used = { action_id: id, confirm: confirm.optional(), placeholder: plain(150).optional() };
const element = <T extends string>(type: T, shape: z.ZodRawShape = {}) =>
  z.looseObject({ type: z.literal(type), ...used, ...shape });
const option = z.looseObject({
  text: text(75),
  value: z.string().max(150),
  description: text(75).optional(),
});
const options = (most: number) => ({
  options: z
    .array(option)
    .min(1)
    .max(most)
    .refine(
      (given) => new Set(given.map(({ value }) => value)).size === given.length,
      'two options have one value',
    ),
});
const isOption = [
  ({ options: given, initial_option: one, initial_options: more = [] }: Json): boolean =>
    [one, ...(more as readonly unknown[])].every(
      (initial) =>
        initial === undefined ||
        (given as readonly unknown[]).some((each) => JSON.stringify(each) === JSON.stringify(initial)),
    ),
  'initial_option is none of the options',
] as const;
const number = z
  .string()
  .regex(/^-?[\d.]+$/)
  .optional();

const button = element('button', {
  text: plain(75),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});
const anyElement = z.union([
  button,
  imageElement,
  ...(['static_select', 'multi_static_select'] as const).map((type) =>
    element(type, options(100)).refine(...isOption),
  ),
  ...(['radio_buttons', 'checkboxes'] as const).map((type) => element(type, options(10)).refine(...isOption)),
  element('overflow', options(5)),
  element('plain_text_input', {
    max_length: z.number().max(3000).optional(),
    initial_value: z.string().optional(),
  }),
  element('number_input', {
    is_decimal_allowed: z.boolean(),
    ...{ initial_value: number, min_value: number, max_value: number },
  }),
  element('file_input', { max_files: z.number().min(1).max(10).optional() }),
]);

const block = <T extends string>(type: T, shape: z.ZodRawShape = {}) =>
  z.looseObject({ type: z.literal(type), block_id: id, ...shape });
const cardShape = {
  ...{ title: text(150).optional(), subtitle: text(150).optional(), body: text(200).optional() },
  ...{
    hero_image: imageElement.optional(),
    icon: imageElement.optional(),
    actions: z.array(button).optional(),
  },
};
const card = block('card', cardShape).refine(
  (given) => ['hero_image', 'title', 'body', 'actions'].some((name) => name in given),
  'a card is empty',
);
const anywhere = [
  block('section', {
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
    accessory: anyElement.optional(),
  }).refine(
    ({ text: said, fields }) => said !== undefined || fields !== undefined,
    'a section has text or fields',
  ),
  block('header', { text: plain(150) }),
  block('divider'),
  block('image', { ...image, title: plain(2000).optional() }).refine(...hasOneSource),
  block('context', {
    elements: z
      .array(z.union([imageElement, text(3000)]))
      .min(1)
      .max(10),
  }),
  block('actions', { elements: z.array(anyElement).min(1).max(25) }),
  block('input', { label: plain(2000), hint: plain(2000).optional(), element: anyElement }),
  card,
  block('carousel', { elements: z.array(card).min(1).max(10) }),
  block('rich_text'),
];
const schemas = {
  message: z.array(z.union([...anywhere, block('markdown', { text: words(12_000) })])).max(50),
  modal: z.array(z.union([...anywhere, block('alert', { text: text(3000) })])).max(100),
  home: z.array(z.union(anywhere)).max(100),
};
const viewSchema = z.looseObject({
  ...{ private_metadata: z.string().max(3000).optional(), callback_id: id, external_id: id },
});
const modalSchema = viewSchema.extend({
  ...{ title: plain(24), submit: plain(24).optional(), close: plain(24).optional() },
});

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);
const isThere = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every element of a block that can be used. */
export const elementsOf = (given: AnyBlock | Json): readonly Json[] => {
  const json = given as Json;
  const cards = json['type'] === 'carousel' ? list(json['elements']) : json['type'] === 'card' ? [json] : [];
  const own = json['type'] === 'actions' ? list(json['elements']) : [];
  return [
    ...own,
    ...cards.flatMap((one) => list(one['actions'])),
    ...[json['element'], json['accessory']].filter(isThere),
  ];
};

/** Zod's issues, those within a union too, as far as they are about what was meant. */
const issuesOf = (error: z.ZodError): readonly string[] =>
  error.issues.flatMap((issue) => {
    const meant =
      issue.code === 'invalid_union'
        ? issue.errors.find(
            (own) => !own.some(({ path, code }) => path[0] === 'type' && code === 'invalid_value'),
          )
        : undefined;
    return meant
      ? issuesOf(new z.ZodError(meant)).map((one) => `/${issue.path.join('/')}${one}`)
      : [`/${issue.path.join('/')}: ${issue.message}`];
  });

const filesIn = (value: unknown): readonly Json[] =>
  Array.isArray(value)
    ? value.flatMap(filesIn)
    : isThere(value)
      ? Object.entries(value).flatMap(([key, one]) => (key === 'slack_file' ? [one as Json] : filesIn(one)))
      : [];

/** Marks what is a matter of time, and no mistake. */
export const unreadyFile = 'invalid slack file';

/** What is wrong with blocks, by Block Kit's limits. */
export const problemsOfBlocks = (
  blocks: unknown,
  { surface, typeOf }: { readonly surface: keyof typeof schemas; readonly typeOf: TypeOfFile },
): readonly string[] => {
  const { success, error } = schemas[surface].safeParse(blocks);
  if (!success) return issuesOf(error);
  const given = list(blocks);
  const twice = (ids: readonly unknown[]): boolean => {
    const there = ids.filter((one) => one !== undefined);
    return new Set(there).size < there.length;
  };
  const types = filesIn(blocks).map(typeOf);
  return [
    ...(twice(given.map(({ block_id }) => block_id)) ? ['a block_id is there twice'] : []),
    ...(given.some((one) => twice(elementsOf(one).map(({ action_id }) => action_id)))
      ? ['an action_id is there twice']
      : []),
    ...types.flatMap((type) =>
      type === undefined
        ? [unreadyFile]
        : /^image\/(?:png|jpeg|gif)$/.test(type)
          ? []
          : [`an image may not be ${type}`],
    ),
    ...(surface !== 'modal' && given.some((one) => elementsOf(one).some(({ type }) => type === 'file_input'))
      ? ['a file_input is in a modal only']
      : []),
  ];
};

/** What is wrong with a view. */
export const problemsOfView = (view: View, typeOf: TypeOfFile): readonly string[] => {
  if (view.type !== 'modal' && view.type !== 'home') return ['a view is a modal or a home'];
  const { success, error } = (view.type === 'modal' ? modalSchema : viewSchema).safeParse(view);
  const needsSubmit =
    view.type === 'modal' && !view.submit && view.blocks.some(({ type }) => type === 'input');
  return [
    ...(success ? [] : issuesOf(error)),
    ...(needsSubmit ? ['submit is missing'] : []),
    ...(Buffer.byteLength(JSON.stringify(view)) >= 250_000 ? ['view_too_large'] : []),
    ...problemsOfBlocks(view.blocks, { surface: view.type, typeOf }),
  ];
};
