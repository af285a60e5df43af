import { html } from 'hono/html';
import type { ContestId } from '../../../domain/contest/contest.ts';
import type { ContestPost } from '../../../domain/contest/post.ts';
import type { MessageAttachment, MessageContent } from '../../../domain/message.ts';
import { contestViewWords } from '../../../messages/contest-view-words.ts';
import { en } from '../../../messages/en.ts';
import { onPage } from '../../../messages/page-words.ts';
import type { RoomMessage } from '../../../ports/room-log.ts';
import { addresses } from '../addresses.ts';
import { filmMarkup } from './film.ts';

type ContestContent = MessageContent & { readonly body: { readonly kind: 'contest' } };

export const isAboutContest = (content: MessageContent): content is ContestContent =>
  content.body.kind === 'contest';

const linesOf = ({ body }: MessageContent): readonly string[] => en.renderSentence(body, onPage).split('\n');

/** The headline is what is read out. */
export const contestHeadline = (content: MessageContent): string => linesOf(content)[0] ?? '';

/** Entries are called by their number, the poster by the theme. */
const altOf = ({ alt }: MessageAttachment, { kind }: ContestPost): string =>
  kind === 'gallery' || kind === 'winner' ? en.contest.panels.show.alt(alt) : alt;

const pictures = ({ id }: RoomMessage, { attachments, body }: ContestContent) => {
  const { post } = body;
  if (post.kind === 'results') {
    return attachments.map(
      ({ blob, alt }) =>
        html`<img class="poster" src="${addresses.media(id, blob)}" alt="${alt}" loading="lazy" decoding="async">`,
    );
  }
  const shown = attachments.map((attachment) =>
    filmMarkup(attachment, {
      alt: altOf(attachment, post),
      addressOf: (blob) => addresses.media(id, blob),
    }),
  );
  if (post.kind !== 'gallery') return shown;
  return html`<ul class="stills">${shown.map(
    (still, at) => html`<li><figure>${still}<figcaption>${attachments[at]?.alt}</figcaption></figure></li>`,
  )}</ul>`;
};

/** What the bot says about a contest, with its pictures and the way to the contest's own page. */
export const contestMessage = (message: RoomMessage, content: ContestContent) => {
  const [headline = '', ...lines] = linesOf(content);
  const { post } = content.body;
  const isMain = post.kind === 'announcement' || post.kind === 'results';
  return html`<p class="contest-headline">${headline}</p>
    ${lines.length > 0 && html`<p class="words">${lines.join('\n').trim()}</p>`}
    ${content.attachments.length > 0 && pictures(message, content)}
    ${
      isMain &&
      html`<p class="contest-link"><a href="${addresses.contest(message.room, content.subject.id as ContestId)}">${
        contestViewWords('en').open
      }</a></p>`
    }`;
};
