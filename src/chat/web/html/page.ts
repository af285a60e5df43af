import { html } from 'hono/html';
import { webPage } from '../../../messages/page-words.ts';
import type { RoomMessage } from '../../../ports/room-log.ts';
import { addresses } from '../addresses.ts';
import { maxNameLength } from '../names.ts';
import type { Ownership } from '../owners.ts';
import type { PrivateAnswer } from '../typed-line.ts';
import { botFace, icon } from './icons.ts';
import { messageList } from './message.ts';
import { panelMarkup } from './panel.ts';

/** Addresses of the files that the page needs, each with its version. */
export type AssetLinks = (file: string) => string;

export type Markup = ReturnType<typeof html>;

// No style of htmx's own and no code from text, both of which the page's policy forbids; errors are shown.
const htmxConfig = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyEnabled: false,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '[45]..', swap: true, error: true },
  ],
});

/** @param options.language BCP 47 name */
export const frame = (
  title: string,
  asset: AssetLinks,
  { body, language = 'en' }: { readonly body: Markup; readonly language?: string },
) => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f6efe6" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1b1613" media="(prefers-color-scheme: dark)">
<meta name="htmx-config" content="${htmxConfig}">
<link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${asset('chat.css')}">
<link rel="stylesheet" href="${asset('contest.css')}">
<script src="${asset('htmx.js')}" defer></script>
<script src="${asset('sse.js')}" defer></script>
<script src="${asset('chat.js')}" type="module"></script>
<script src="${asset('contest.js')}" type="module"></script>
</head>
${body}
</html>`;

const roomLink = (room: string, current: string) =>
  html`<li><a href="${addresses.room(room)}" ${room === current && html`aria-current="page"`}><span class="hash" aria-hidden="true">#</span>${room}</a></li>`;

const nameForm = (name: string, room: string) => html`<details id="me">
  <summary title="${webPage.name.change}"><span class="icon-slot">${icon('person')}</span><span class="who">${name}</span></summary>
  <form method="post" action="${addresses.name}" hx-post="${addresses.name}" hx-target="#name-problem" hx-swap="innerHTML">
    <label class="name-label" for="name">${webPage.name.heading}</label>
    <span class="row"><input class="name-field" id="name" name="name" value="${name}" maxlength="${maxNameLength}" required autocomplete="nickname">
    <input type="hidden" name="room" value="${room}"><button class="name-save">${webPage.name.save}</button></span>
    <p id="name-problem" role="alert"></p>
  </form>
</details>`;

export type ChatPage = {
  readonly room: string;
  readonly rooms: readonly string[];
  readonly name: string;
  readonly messages: readonly RoomMessage[];
  /** Whether whoever looks asked for the render that a message is about. */
  readonly ownOf: (message: RoomMessage) => Ownership;
  readonly composer: Markup;
  /** What is said of the contest in the room above its messages. */
  readonly contestBadge: Markup;
  readonly asset: AssetLinks;
};

/** A room with all that belongs to it. */
export const chatPage = ({ room, rooms, name, messages, ownOf, composer, contestBadge, asset }: ChatPage) => {
  const newest = messages.reduce((version, message) => Math.max(version, message.version), 0);
  return frame(webPage.title(room), asset, {
    body: html`<body>
<a class="skip" href="#text">${webPage.skip}</a>
<div id="chat">
<header id="side">
  <p class="brand">${botFace()}<span><strong>${webPage.bot}</strong><small>${webPage.tagline}</small></span></p>
  <nav aria-label="${webPage.rooms}"><h2 class="rooms-heading">${webPage.rooms}</h2><ul>${rooms.map((other) => roomLink(other, room))}</ul></nav>
  ${nameForm(name, room)}
</header>
<main>
  <h1><span class="hash" aria-hidden="true">#</span>${room}</h1>
  ${contestBadge}
  <div id="scroll" tabindex="-1">
    ${messageList(room, messages, ownOf)}
    <section class="welcome">
      <span class="welcome-face">${botFace()}</span>
      <h2 class="welcome-heading">${webPage.welcome.heading(room)}</h2>
      <p>${webPage.welcome.text}</p>
      <p class="hint">${webPage.welcome.hint}</p>
    </section>
  </div>
  <div id="dock">
    <p id="connection" role="status" data-lost="${webPage.status.reconnecting}"></p>
    <button type="button" id="to-newest" hidden>${icon('down')} ${webPage.status.newMessages}</button>
    ${composer}
    <noscript><p class="noscript">${webPage.status.noScript}</p></noscript>
  </div>
</main>
</div>
<div id="drop" hidden aria-hidden="true"><p>${icon('photo')} ${webPage.composer.drop}</p></div>
<div id="news" class="unseen" aria-live="polite"></div>
<div id="live" data-events="${addresses.events(room)}" data-version="${newest}"></div>
</body>`,
  });
};

/** A page that only says what is wrong, for those without scripts and for wrong addresses. */
export const problemPage = (sentence: string, asset: AssetLinks) =>
  frame(webPage.bot, asset, {
    body: html`<body class="problem-page"><main>${botFace()}<h1>${webPage.problem.heading}</h1><p class="problem-text">${sentence}</p>
<p class="problem-text"><a href="/">${webPage.problem.back}</a></p></main></body>`,
  });

const nextStep = (room: string, { label, line }: NonNullable<PrivateAnswer['next']>) => {
  const address = addresses.messages(room);
  return html`<form class="actions" method="post" action="${address}" enctype="multipart/form-data" hx-post="${address}"
    hx-encoding="multipart/form-data" hx-target="#problem" hx-swap="innerHTML" hx-sync="this:drop"><input type="hidden"
    name="text" value="${line}"><button class="action">${label}</button></form>`;
};

/** What the bot tells one person. */
export const privateBody = (room: string, { asked, text, next, panel }: PrivateAnswer) =>
  html`${asked !== null && html`<p>${webPage.alone.asked} <code class="command">${asked}</code></p>`}${
    panel ? panelMarkup(panel) : html`<p class="words">${text}</p>`
  }${next && nextStep(room, next)}`;

/** The same among the messages of their page alone, until they dismiss it or load the page again. */
export const privateEntry = (room: string, answer: PrivateAnswer) =>
  html`<div hx-swap-oob="beforeend:#messages"><li class="entry private"><article class="message bot" tabindex="-1"
    data-news="${webPage.bot}: ${answer.text}"><span class="avatar bot-avatar" aria-hidden="true">${botFace()}</span>
    <div class="content"><h2 class="byline"><span class="name">${webPage.bot}</span><span class="badge">${webPage.botBadge}</span>
    <span class="alone">${webPage.alone.badge}</span><button type="button" class="round dismiss" aria-label="${webPage.alone.dismiss}"
    title="${webPage.alone.dismiss}">${icon('cancel')}</button></h2>${privateBody(room, answer)}</div></article></li></div>`;

/** What the bot tells one person, for those without scripts. */
export const privatePage = (
  room: string,
  { answer, asset }: { readonly answer: PrivateAnswer; readonly asset: AssetLinks },
) =>
  frame(webPage.bot, asset, {
    body: html`<body class="problem-page"><main>${botFace()}<h1>${webPage.bot}</h1><div class="problem-text">${privateBody(room, answer)}</div>
<p class="problem-text"><a href="${addresses.room(room)}">${webPage.problem.back}</a></p></main></body>`,
  });
