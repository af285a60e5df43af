import { z } from 'zod';
import { listOf, optional } from '../shared/lenient.ts';
import { snowflake } from './snowflake.ts';

const bytes = optional(z.number().int().nonnegative());

/** A file as Discord shows it: at its own address, and through Discord's proxy. */
const media = z.object({
  url: optional(z.string()),
  proxy_url: optional(z.string()),
  content_type: optional(z.string()),
});
export type Media = z.output<typeof media>;

export const attachment = media.extend({
  id: optional(snowflake),
  filename: optional(z.string()),
  size: bytes,
  flags: optional(z.number()),
});
export type Attachment = z.output<typeof attachment>;

const embed = z.object({ image: optional(media), thumbnail: optional(media) });
export type Embed = z.output<typeof embed>;

const galleryItem = z.object({ media: optional(media), spoiler: optional(z.boolean()) });

/** As much of a component as has to do with pictures, whichever it is and however deep it holds others. */
export type Component = {
  readonly spoiler?: boolean | undefined;
  /** Of a thumbnail. */
  readonly media?: Media | undefined;
  /** Of a file, which has a name and a size. */
  readonly file?: Media | undefined;
  readonly name?: string | undefined;
  readonly size?: number | undefined;
  /** Of a gallery. */
  readonly items: readonly z.output<typeof galleryItem>[];
  readonly components: readonly Component[];
  /** What stands beside a section. */
  readonly accessory?: Component | undefined;
};

const component: z.ZodType<Component> = z.lazy(() =>
  z.object({
    spoiler: optional(z.boolean()),
    media: optional(media),
    file: optional(media),
    name: optional(z.string()),
    size: bytes,
    items: listOf(galleryItem),
    components: listOf(component),
    accessory: optional(component),
  }),
);

const sticker = z.object({ id: snowflake, name: optional(z.string()), format_type: optional(z.number()) });
export type Sticker = z.output<typeof sticker>;

const places = {
  content: z.string().catch(''),
  attachments: listOf(attachment),
  embeds: listOf(embed),
  components: listOf(component),
  sticker_items: listOf(sticker),
};

/** Every place in which a message can hold a picture; `message_snapshots` are the messages that it forwards. */
export const picturePlaces = {
  ...places,
  message_snapshots: listOf(z.object({ message: z.object(places) })),
};

const shownMessage = z.object(places);
/** What is shown of a message, its own or a forwarded one. */
export type Shown = z.output<typeof shownMessage>;
const pictureHolder = z.object(picturePlaces);
export type PictureHolder = z.output<typeof pictureHolder>;
