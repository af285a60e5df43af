import { z } from 'zod';
import { kindNames } from '../../domain/kinds.ts';
import { oneLine } from '../shared/cut-text.ts';
import { placeSchema, type SlackPhoto, type SlackPlace } from './place.ts';

const schema = z.strictObject({
  place: placeSchema,
  kind: z.enum(kindNames as [(typeof kindNames)[number], ...(typeof kindNames)[number][]]),
  /** Whether every option is shown. */
  isWhole: z.boolean(),
  /** Where the command or the shortcut is answered, for half an hour. */
  responseUrl: z.string().optional(),
  /** What the form is about where it was opened on a message; null: a photo is added to the form. */
  message: z
    .strictObject({
      /** The person who wrote it, as far as Slack tells. */
      author: z.string().nullable(),
      /** Whether there are answers under it: Slack shows what is for one person alone in no thread that has none. */
      hasThread: z.boolean(),
      photos: z.array(z.strictObject({ id: z.string(), name: z.string(), bytes: z.number(), url: z.null() })),
    })
    .nullable(),
});

/** What a form keeps from the moment it was opened until it is sent. */
export type OrderMetadata = Readonly<z.output<typeof schema>>;

/** Where whoever sent the form is told something alone. */
export const toldAt = ({ place, message }: Pick<OrderMetadata, 'place' | 'message'>): SlackPlace =>
  message && !message.hasThread ? { ...place, thread: null } : place;

/** A message has no more than ten files, unless a program wrote it. */
const mostPhotos = 10;
const longestName = 60;

/** Photos as a form keeps them: what Slack can be asked for again is left out. */
export const photosToKeep = (
  photos: readonly SlackPhoto[],
): NonNullable<OrderMetadata['message']>['photos'] =>
  photos
    .slice(0, mostPhotos)
    .map(({ id, name, bytes }) => ({ id, name: oneLine(name, longestName), bytes, url: null }));

/** At most 3000 letters, as Slack takes them. */
export const encodeMetadata = (metadata: OrderMetadata): string => JSON.stringify(metadata);

/** @throws ZodError for a text that this adapter did not write */
export const decodeMetadata = (text: string): OrderMetadata => schema.parse(JSON.parse(text));
