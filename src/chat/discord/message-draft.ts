import { createHash } from 'node:crypto';
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIStringSelectComponent,
  ComponentType,
  MessageFlags,
  type RawFile,
} from 'discord.js';
import { actionTraits, type MessageContent } from '../../domain/message.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { readAttached } from '../shared/attached-files.ts';
import { oneLine } from '../shared/cut-text.ts';
import { markedName } from '../shared/message-marks.ts';
import { encodeButtonId } from './button-id.ts';
import { buttonStyles } from './button-styles.ts';
import { messageText } from './message-text.ts';
import { otherPhotos } from './photo-choice.ts';
import type { ReplyContext } from './reply-context.ts';

const mostAltLetters = 1024;
/** Discord takes no more ids. */
const mostNotified = 100;

/** A message as the API takes it, with its files. */
export type Draft = {
  readonly body: {
    readonly content: string;
    readonly components: readonly APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>[];
    readonly flags: MessageFlags;
    readonly allowed_mentions: { readonly parse: readonly []; readonly users?: readonly string[] };
    /** All files that it has: in an edit those that it had are replaced. */
    readonly attachments: readonly { id: string; filename: string; description: string }[];
  };
  readonly files: RawFile[];
};

export type DraftOptions = {
  readonly place: ReplyContext;
  /** Which of the subject's messages it is. */
  readonly role: string;
  readonly mentionsRequester: boolean;
  /** Whether it is new: an edit notifies nobody. */
  readonly isNew: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
};

const rows = (
  { actions, subject }: MessageContent,
  role: string,
  words: ChatWords,
): readonly APIActionRowComponent<APIButtonComponent>[] => {
  const components = actions
    // A film is saved without a button.
    .filter((action) => action !== 'download')
    .map((action): APIButtonComponent => {
      const { emoji, look } = actionTraits[action];
      const custom_id = encodeButtonId({ action, subject, role });
      const { label } = words.actions[action];
      return {
        type: ComponentType.Button,
        style: buttonStyles[look],
        label,
        emoji: { name: emoji },
        custom_id,
      };
    });
  return components.length > 0 ? [{ type: ComponentType.ActionRow, components }] : [];
};

/** Only the letters that Discord leaves in a name; behind a spoiler where the photo was. */
const fileName = (content: MessageContent, name: string, { place, role }: DraftOptions): string => {
  const clean = name.normalize('NFKC').replaceAll(/[^\w.-]+/g, '_');
  const isPlain = content.actions.every((action) => action === 'download');
  const marked = isPlain ? markedName(clean, { subject: content.subject, role }) : clean;
  return place.isSpoiler ? `SPOILER_${marked}` : marked;
};

/** What a message's content looks like on Discord. */
export const draftMessage = async (
  content: MessageContent,
  blobs: Pick<Blobs, 'get'>,
  options: DraftOptions,
): Promise<Draft> => {
  const { place, role, mentionsRequester, isNew } = options;
  const words = wordsFor(place.locale);
  const called = [...(mentionsRequester ? [place.user] : []), ...(content.mentions ?? [])];
  const notified = isNew ? [...new Set(called)].slice(0, mostNotified) : [];
  const files = (await readAttached(content, blobs, words)).map(({ attachment, alt, bytes }) => ({
    name: fileName(content, attachment.name, options),
    description: oneLine(alt, mostAltLetters),
    data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  }));
  return {
    body: {
      content: messageText(content, { ...options, words }),
      components: [...otherPhotos(content.subject, { place, role, words }), ...rows(content, role, words)],
      // No previews of addresses in what people wrote.
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: { parse: [], ...(notified.length > 0 && { users: notified }) },
      attachments: files.map(({ name: filename, description }, index) => ({
        id: String(index),
        filename,
        description,
      })),
    },
    files: files.map(({ name, data }) => ({ name, data })),
  };
};

/** Discord takes 25 characters, and gives the message that was made with them before, for some minutes. */
export const nonceOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 25);
