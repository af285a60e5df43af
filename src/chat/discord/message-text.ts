import type { MessageBody, MessageContent } from '../../domain/message.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { cutTo } from '../shared/cut-text.ts';
import { factsOf } from '../shared/message-facts.ts';
import { shortId } from '../shared/message-marks.ts';
import { takenPhoto } from '../shared/photo-choice.ts';
import { noticeLine, roleLine } from './message-marks.ts';
import { asText, plainText } from './plain-text.ts';
import { type ReplyContext, tokenExpiry } from './reply-context.ts';
import { discordWords, publicNotation } from './words.ts';

const mostLetters = 2000;

const etaOf = (body: MessageBody): number | null =>
  body.kind === 'waiting' || body.kind === 'running' ? body.etaSeconds : null;

/** A guest is heard for a quarter of an hour: who waits longer should know. */
const lapses = (body: MessageBody, { isGuest, interaction }: ReplyContext, now: number): boolean => {
  const eta = etaOf(body);
  return isGuest && interaction !== null && eta !== null && now + eta * 1000 > tokenExpiry(interaction);
};

/** `seed 7 · pocket · re-roll of a1b2c3d4 · e5f6a7b8`, in small letters. */
const footer = (
  content: MessageContent,
  { role, words }: { readonly role: string; readonly words: ChatWords },
): string => {
  const { subject, actions } = content;
  if (content.isNotice) return `\n${noticeLine(subject.id)}`;
  const isMarked = actions.length + content.attachments.length > 0;
  if (content.body.kind === 'contest') return isMarked ? '' : `\n${roleLine(subject.id, role)}`;
  const facts = factsOf(content, words);
  // Without buttons this is all that says whose message it is.
  if (facts.length === 0 && actions.length > 0) return '';
  return `\n-# ${[...facts, shortId(subject.id)].map(plainText).join(' · ')}`;
};

/** What is said; about a contest under a headline. */
const sentence = (
  { body }: MessageContent,
  { words, now }: { readonly words: ChatWords; readonly now: number },
): string => {
  const said = asText(words.renderSentence(body, publicNotation(words, now)));
  return body.kind === 'contest' ? said.replace(/^.+/, (headline) => `**${headline}**`) : said;
};

/**
 * The words of a message.
 * @param options.mentionsRequester whether whoever asked is named
 * @param options.now milliseconds since 1970
 */
export const messageText = (
  content: MessageContent,
  options: {
    readonly place: ReplyContext;
    /** Which of the subject's messages it is. */
    readonly role: string;
    readonly words: ChatWords;
    readonly mentionsRequester: boolean;
    readonly now: number;
  },
): string => {
  const { place, words, mentionsRequester, now } = options;
  const { body } = content;
  const parts = [
    ...(mentionsRequester || content.isNotice ? [`<@${place.user}>`] : []),
    sentence(content, options),
    ...(lapses(body, place, now) ? [plainText(discordWords(words).answersLapse)] : []),
  ];
  const taken = takenPhoto({ ...options, photos: place.photos });
  const small = `${taken === null ? '' : `\n-# ${plainText(taken)}`}${footer(content, options)}`;
  return cutTo(parts.join(' '), mostLetters - small.length) + small;
};
