import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  ImageBlock,
  KnownBlock,
  SectionBlock,
} from '@slack/types';
import type { BlobId } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import { wordsFor } from '../../messages/languages.ts';
import { inPieces, oneLine } from '../shared/cut-text.ts';
import { factsOf } from '../shared/message-facts.ts';
import { markedName, shortId } from '../shared/message-marks.ts';
import { takenPhoto } from '../shared/photo-choice.ts';
import { actionButton } from './action-button.ts';
import { blockId } from './message-marks.ts';
import { otherPhotosMenu } from './photo-choice.ts';
import { type SlackPlace, userOf } from './place.ts';
import { asPlainText, asText, escapeMrkdwn } from './plain-text.ts';
import { slackNotation, slackWords } from './words.ts';

const mostSectionLetters = 3000;
/** A message has fifty blocks at most; some are pictures and buttons. */
const mostSections = 30;
/** Of an image block's. */
const mostAltLetters = 2000;
const mostNameLetters = 80;

/** A message as the API takes it, without the file that it shares. */
export type Draft = {
  /** What notifications say. */
  readonly text: string;
  readonly blocks: KnownBlock[];
};

/** A picture in a message: a file of the bot's own that Slack has processed. */
export type ShownPicture = {
  readonly file: string;
  readonly alt: string;
  /** What it is a picture of: the same again needs no other file. */
  readonly blob: BlobId;
};

export type DraftOptions = {
  readonly place: Pick<SlackPlace, 'user' | 'locale' | 'photos'>;
  /** Which of the subject's messages it is. */
  readonly role: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly pictures?: readonly ShownPicture[];
  /** The name of whoever asked, to be told without calling them; null where nobody wonders. */
  readonly askedBy?: string | null;
};

const longestHeader = 150;

const section = (text: string, block_id: string): SectionBlock => ({
  ...{ type: 'section', block_id },
  text: { type: 'mrkdwn', text, verbatim: true },
});

const header = (text: string, block_id: string): HeaderBlock => ({
  ...{ type: 'header', block_id },
  text: { type: 'plain_text', text: asPlainText(text), emoji: false },
});

const image = ({ file, alt }: ShownPicture, block_id: string): ImageBlock => ({
  ...{ type: 'image', block_id, slack_file: { id: file } },
  alt_text: oneLine(alt, mostAltLetters) || file,
});

const small = (parts: readonly string[], block_id: string): ContextBlock => ({
  ...{ type: 'context', block_id },
  elements: [{ type: 'mrkdwn', text: parts.map(escapeMrkdwn).join(' · '), verbatim: true }],
});

/** `for Ann · seed 7 · pocket · re-roll of a1b2c3d4 · e5f6a7b8`; of a notice, which film it is about. */
const footer = (
  content: MessageContent,
  {
    words,
    askedBy,
    block_id,
  }: {
    readonly words: ReturnType<typeof wordsFor>;
    readonly askedBy: string | null;
    readonly block_id: string;
  },
): readonly ContextBlock[] => {
  const id = shortId(content.subject.id);
  if (content.isNotice) return [small([`↳ ${id}`], block_id)];
  const facts = factsOf(content, words);
  const parts = [
    ...(askedBy === null ? [] : [slackWords(words).askedBy(oneLine(askedBy, mostNameLetters))]),
    ...(facts.length > 0 ? [...facts, id] : []),
  ];
  return parts.length > 0 ? [small(parts, block_id)] : [];
};

const buttons = (
  { actions, subject }: MessageContent,
  { role, words }: { readonly role: string; readonly words: ReturnType<typeof wordsFor> },
): readonly Button[] =>
  actions
    // A film is saved without a button.
    .filter((action) => action !== 'download')
    .map((action) => actionButton(action, subject, { role, words }));

/** What is said to everybody about a contest begins with a headline. */
const headlineOf = ({ body }: MessageContent, sentence: string): readonly [string | null, string] => {
  const [first = '', ...others] = sentence.split('\n');
  const isShort = asPlainText(first).length <= longestHeader;
  return body.kind === 'contest' && others.length > 0 && isShort
    ? [first, others.join('\n').trim()]
    : [null, sentence];
};

/**
 * What a message's content looks like on Slack, in the language of whoever asked. They are named where the content says
 * so: Slack notifies whoever is named in a new message, and nobody of a change. A notice is shown to them alone.
 */
export const draftMessage = (content: MessageContent, options: DraftOptions): Draft => {
  const { place, role, now, pictures = [], askedBy = null } = options;
  const words = wordsFor(place.locale);
  const calls = content.mentions?.map(userOf);
  const sentence = words.renderSentence(content.body, slackNotation(words, now, { calls }));
  const [headline, said] = headlineOf(content, sentence);
  const name = content.mentionsRequester ? `<@${place.user}> ` : '';
  const id = (part: string): string => blockId({ subject: content.subject, role }, part);
  const texts = inPieces(`${name}${asText(said, { calls })}`, mostSectionLetters).slice(0, mostSections);
  const taken = takenPhoto({ photos: place.photos, role, words });
  const elements = buttons(content, { role, words });
  const row: ActionsBlock = { type: 'actions', block_id: id('actions'), elements: [...elements] };
  return {
    text: escapeMrkdwn(asPlainText(sentence)),
    blocks: [
      ...(headline === null ? [] : [header(headline, id('headline'))]),
      ...texts.map((text, index) => section(text, id(index === 0 ? 'text' : `text-${index + 1}`))),
      ...pictures.map((picture) => image(picture, id(`picture-${picture.file}`))),
      ...(taken === null ? [] : [small([taken], id('photo'))]),
      ...footer(content, { words, askedBy, block_id: id('facts') }),
      ...otherPhotosMenu(content.subject, { place, role, words, block_id: id('photos') }),
      ...(elements.length > 0 ? [row] : []),
    ],
  };
};

/** The name of a file of a message, by which a later process finds it again. */
export const fileName = (content: Pick<MessageContent, 'subject'>, name: string, role: string): string =>
  markedName(name.normalize('NFKC').replaceAll(/[^\w.-]+/g, '_'), { subject: content.subject, role });
