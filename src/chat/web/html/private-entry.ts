import { html } from 'hono/html';
import { webPage } from '../../../messages/page-words.ts';
import { addresses } from '../addresses.ts';
import type { PrivateAnswer } from '../typed-line.ts';
import { botFace, icon } from './icons.ts';

const words = webPage.alone;

const nextStep = (room: string, { label, line }: NonNullable<PrivateAnswer['next']>) => {
  const address = addresses.messages(room);
  return html`<form class="actions" method="post" action="${address}" enctype="multipart/form-data" hx-post="${address}"
    hx-encoding="multipart/form-data" hx-target="#problem" hx-swap="innerHTML" hx-sync="this:drop"><input type="hidden"
    name="text" value="${line}"><button class="action">${label}</button></form>`;
};

/** What the bot tells one person. */
export const privateBody = (room: string, { asked, text, next }: PrivateAnswer) =>
  html`${asked !== null && html`<p>${words.asked} <code class="command">${asked}</code></p>`}<p class="words">${text}</p>${
    next && nextStep(room, next)
  }`;

/** The same among the messages of their page alone, until they dismiss it or load the page again. */
export const privateEntry = (room: string, answer: PrivateAnswer) =>
  html`<div hx-swap-oob="beforeend:#messages"><li class="entry private"><article class="message bot" tabindex="-1"
    data-news="${webPage.bot}: ${answer.text}"><span class="avatar bot-avatar" aria-hidden="true">${botFace()}</span>
    <div class="content"><h2 class="byline"><span class="name">${webPage.bot}</span><span class="badge">${webPage.botBadge}</span>
    <span class="alone">${words.badge}</span><button type="button" class="round dismiss" aria-label="${words.dismiss}"
    title="${words.dismiss}">${icon('cancel')}</button></h2>${privateBody(room, answer)}</div></article></li></div>`;
