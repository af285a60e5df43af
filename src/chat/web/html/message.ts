import { html } from 'hono/html';
import { formatBytes } from '../../../domain/bytes.ts';
import type { JobId } from '../../../domain/job.ts';
import {
  actionTraits,
  type MessageAction,
  type MessageAttachment,
  type MessageBody,
  type MessageContent,
} from '../../../domain/message.ts';
import type { Subject } from '../../../domain/subject.ts';
import { en } from '../../../messages/en.ts';
import { asInForms, webPage } from '../../../messages/page-words.ts';
import type { PersonMessage, RoomMessage } from '../../../ports/room-log.ts';
import { addresses } from '../addresses.ts';
import type { Ownership } from '../owners.ts';
import { photoSides } from '../shown-sides.ts';
import { contestHeadline, contestMessage, isAboutContest } from './contest-message.ts';
import { filmMarkup, sidesOf, sidesOfFilm } from './film.ts';
import { actionIcon, botFace } from './icons.ts';

/** Ids are long; their beginning is enough to tell them apart by eye. */
const shortId = (id: string): string => `${id.slice(0, 8)}…`;
const longToken = /\b[A-Za-z0-9_-]{20,}\b/g;

/** One of eight colours, always the same for a name. */
const colourOf = (name: string): number =>
  [...name].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 8;

const initials = (name: string): string => {
  const words = name.split(' ').filter((word) => /^\p{L}/u.test(word));
  const shown = words.length > 0 ? words.slice(0, 2) : [name];
  return shown.map((word) => String.fromCodePoint(word.codePointAt(0)!).toUpperCase()).join('');
};

const timeOf = (at: number) => {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 16)}</time>`;
};

const personAvatar = (name: string) =>
  html`<span class="avatar colour-${colourOf(name)}" aria-hidden="true">${initials(name)}</span>`;
const botAvatar = () => html`<span class="avatar bot-avatar" aria-hidden="true">${botFace()}</span>`;

const picture = (message: RoomMessage, attachment: MessageAttachment) => {
  const { blob, alt } = attachment;
  return html`<img class="picture" src="${addresses.media(message.id, blob)}" alt="${webPage.pictureSoFar(alt)}" ${sidesOfFilm(
    attachment,
  )} decoding="async">`;
};

const film = (message: RoomMessage, attachment: MessageAttachment, alt: string) =>
  filmMarkup(attachment, { alt, addressOf: (blob) => addresses.media(message.id, blob) });

const filmFacts = ({ body, attachments }: MessageContent) => {
  if (body.kind !== 'result' || attachments.length === 0) return null;
  const { film: words } = webPage;
  return html`<p class="facts"><span>${words.seed(body.seed)}</span><span>${body.network}</span><span>${body.depth}</span><span>${body.quality}</span>${
    body.sides && html`<span>${words.sides(body.sides.width, body.sides.height)}</span>`
  }<span>${formatBytes(body.bytes)}</span><span>${words.seconds(body.renderSeconds)}</span>${
    body.parent &&
    html`<a href="#render-${body.parent}" title="${body.parent}">${words.parent(shortId(body.parent))}</a>`
  }</p>`;
};

const action = (message: RoomMessage, subject: Subject, kind: MessageAction) => {
  const { label, help } = webPage.actions[kind];
  const looks = html`${actionIcon(kind)}<span>${label}</span>`;
  if (kind === 'download') {
    return html`<a class="action" href="${addresses.result(subject.id as JobId)}" download title="${help}">${looks}</a>`;
  }
  const address = addresses.action(message.room, subject, kind);
  // Not disabled meanwhile: that would take the focus from it.
  const form = (button: ReturnType<typeof html>) =>
    html`<form method="post" action="${address}" hx-post="${address}" hx-target="#problem" hx-swap="innerHTML"
    hx-sync="this:drop">${button}</form>`;
  const id = `${kind}-${message.id}`;
  if (kind !== 'delete' && kind !== 'delete-photo')
    return form(html`<button class="action" id="${id}" title="${help}">${looks}</button>`);
  const { question, yes } = webPage.deletion[kind];
  return html`<details class="ask"><summary class="action" id="${id}" title="${help}">${looks}</summary>
    <div class="ask-box" role="group" aria-label="${question}"><span>${question}</span>${form(
      html`<button class="action sure" id="sure-${id}">${yes}</button>`,
    )}</div></details>`;
};

/** What only whoever asked for a render, or whose photo it is, may do is shown to nobody else. */
const isOffered = (action: MessageAction, subject: Subject, own: Ownership): boolean => {
  // Of films only those of one's own can be entered; under a contest one of them is chosen.
  if (action === 'enter' && subject.kind === 'render') return own.render;
  const { offeredTo } = actionTraits[action];
  return offeredTo === 'anybody' || (offeredTo === 'requester' ? own.render : own.photo);
};

/** In units of progress, as they would be if all took the same work: it moves from the first step on. */
const barValue = ({ progress, share = 0 }: Extract<MessageBody, { kind: 'running' }>): number =>
  Math.max(progress.done, Number((share * progress.total).toFixed(2)));

const progressBar = ({ body }: MessageContent) =>
  body.kind === 'running' &&
  html`<progress max="${body.progress.total}" value="${barValue(body)}" aria-label="${en.renderSentence(body, asInForms)}"></progress>`;

/** The film speaks for itself; the message above its thread says that it is there. */
const showsFilm = ({ body, attachments }: MessageContent): boolean =>
  body.kind === 'result' && attachments.length > 0;

/** The answer above a thread has said already that it was cancelled; what can be done then is in the thread. */
const saysAgain = ({ thread }: RoomMessage, { body }: MessageContent): boolean =>
  thread !== null && body.kind === 'cancelled';

const renderBody = (message: RoomMessage, content: MessageContent, own: Ownership) => {
  const { body, attachments } = content;
  const actions = content.actions.filter((kind) => isOffered(kind, content.subject, own));
  const buttons =
    actions.length > 0 &&
    html`<div class="actions">${actions.map((kind) => action(message, content.subject, kind))}</div>`;
  if (isAboutContest(content)) return html`${contestMessage(message, content)}${buttons}`;
  return html`${
    !showsFilm(content) &&
    !saysAgain(message, content) &&
    html`<p class="${body.kind === 'failed' ? 'sentence failed' : 'sentence'}">${en.renderSentence(body, asInForms)}</p>`
  }${progressBar(content)}${attachments.map((attachment) =>
    body.kind === 'result'
      ? film(message, attachment, en.kinds[body.renderKind].alt(attachment.alt))
      : picture(message, attachment),
  )}${filmFacts(content)}${buttons}`;
};

/** A photo of an older version has no preview, and no sides, until somebody looks at it. */
const photoOf = (message: RoomMessage, { name, photo, preview }: PersonMessage) => {
  if (photo === null) return null;
  return html`<img class="photo" src="${addresses.media(message.id, preview?.blob ?? photo)}" alt="${webPage.photo(name)}" ${sidesOf(
    preview && photoSides(preview),
  )} loading="lazy" decoding="async">`;
};

const personBody = (message: RoomMessage, said: PersonMessage) => {
  const { text } = said;
  const short = text.replace(longToken, shortId);
  return html`${
    text !== '' &&
    (text.startsWith('/')
      ? html`<p><code class="command" title="${text}">${short}</code></p>`
      : html`<p class="said">${text}</p>`)
  }${photoOf(message, said)}`;
};

/** What a message is about, for what a screen reader is told: it hears of a message when this changes. */
const kindOf = ({ said }: RoomMessage): string =>
  said.kind === 'render' ? said.content.body.kind : said.kind;

const wordsOf = (said: Exclude<RoomMessage['said'], PersonMessage | { kind: 'render' }>): string =>
  said.kind === 'words' ? said.text : webPage.damaged;

const newsOf = (message: RoomMessage): string => {
  const { said } = message;
  if (said.kind === 'person') return `${said.name}: ${said.text}`;
  if (said.kind === 'render' && (showsFilm(said.content) || saysAgain(message, said.content))) return '';
  if (said.kind === 'render' && isAboutContest(said.content))
    return `${webPage.bot}: ${contestHeadline(said.content)}`;
  if (said.kind === 'render') return `${webPage.bot}: ${en.renderSentence(said.content.body, asInForms)}`;
  return `${webPage.bot}: ${wordsOf(said)}`;
};

/**
 * One message. It names the list that it belongs in, so that a page which does not have it yet finds its place.
 * @param options.update whether it takes the place of the one that a page has
 * @param options.own what whoever looks has of the render that it is about
 */
export const messageArticle = (
  message: RoomMessage,
  { update, own }: { readonly update: boolean; readonly own: Ownership },
) => {
  const { said, id, thread } = message;
  const isPerson = said.kind === 'person';
  const name = isPerson ? said.name : webPage.bot;
  // Where a re-roll's link to its parent leads.
  const anchor = said.kind === 'render' && showsFilm(said.content) && `render-${said.content.subject.id}`;
  return html`<article class="message ${isPerson ? 'person' : 'bot'}" id="message-${id}" tabindex="-1"
    data-list="${thread === null ? 'messages' : `thread-${thread}`}" data-kind="${kindOf(message)}"
    data-version="${message.version}" data-news="${newsOf(message)}" ${update && html`hx-swap-oob="true"`}>
    ${isPerson ? personAvatar(name) : botAvatar()}
    <div class="content" ${anchor && html`id="${anchor}"`}>
      <h2 class="byline"><span class="name">${name}</span>${
        !isPerson && html`<span class="badge">${webPage.botBadge}</span>`
      } ${timeOf(message.createdAt)}</h2>
      ${
        said.kind === 'person'
          ? personBody(message, said)
          : said.kind === 'render'
            ? renderBody(message, said.content, own)
            : html`<p class="words">${wordsOf(said)}</p>`
      }
    </div>
  </article>`;
};

/** The list element of a message, as a page has to take it away again. */
export const entryId = (id: string): string => `entry-${id}`;

type OwnOf = (message: RoomMessage) => Ownership;

const entry = (
  message: RoomMessage,
  ownOf: OwnOf,
  thread: readonly RoomMessage[] | null,
): ReturnType<typeof html> =>
  html`<li class="entry" id="${entryId(message.id)}">${messageArticle(message, {
    update: false,
    own: ownOf(message),
  })}${
    thread &&
    html`<ol class="thread" id="thread-${message.id}" aria-label="${webPage.thread}">${thread.map((reply) =>
      entry(reply, ownOf, null),
    )}</ol>`
  }</li>`;

/**
 * A room's history: each message with its thread.
 * @param ownOf what whoever looks has of the render that a message is about
 */
export const messageList = (room: string, messages: readonly RoomMessage[], ownOf: OwnOf) => {
  const threads = Map.groupBy(messages, ({ thread }) => thread);
  return html`<ol id="messages" aria-label="${webPage.room(room)}">${(threads.get(null) ?? []).map(
    (message) => entry(message, ownOf, threads.get(message.id) ?? []),
  )}</ol>`;
};
