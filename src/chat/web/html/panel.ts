import { html } from 'hono/html';
import { contestViewWords } from '../../../messages/contest-view-words.ts';
import type { Panel, PanelControl, PanelPicture } from '../../../messages/panel.ts';
import { addresses } from '../addresses.ts';
import type { ShownAddress } from '../shown-files.ts';
import { filmMarkup } from './film.ts';

/** A panel, and how it is shown: in which language, and where its pictures are found. */
export type ShownPanel = {
  /** What it is called in the page: the panel that answers a step takes its place. */
  readonly id: string;
  readonly room: string;
  readonly panel: Panel;
  /** BCP 47 name of the language of its words. */
  readonly language: string;
  readonly addressOf: ShownAddress;
  /** A file that goes with it. */
  readonly file: string | null;
};

type Markup = ReturnType<typeof html>;
type Button = Extract<PanelControl, { readonly kind: 'button' }>;
type Menu = Extract<PanelControl, { readonly kind: 'menu' }>;
type Photo = Extract<PanelControl, { readonly kind: 'photo' }>;

const photoTypes = 'image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,image/gif,image/tiff';

/** A form whose answer takes the place of the panel; what is wrong is said within it. */
const form = (
  { id, room }: ShownPanel,
  { to, parts }: { readonly to: 'step' | 'photo'; readonly parts: Markup },
): Markup => {
  const address = `${addresses.contestPart(room, to)}?panel=${id}`;
  const type = to === 'photo' ? html`enctype="multipart/form-data" hx-encoding="multipart/form-data"` : '';
  return html`<form class="panel-form" method="post" action="${address}" ${type} hx-post="${address}" hx-target="#${id}"
    hx-swap="outerHTML" hx-sync="#${id}:drop">${parts}</form>`;
};

const buttonForm = (shown: ShownPanel, control: Button): Markup => {
  const { label, emoji, look, step, text } = control;
  const looks = html`${emoji && html`<span aria-hidden="true">${emoji}</span>`}<span>${label}</span>`;
  const id = `${shown.id}-${step}`;
  const hidden = html`<input type="hidden" name="step" value="${step}">`;
  if (!text) {
    const button = html`<button class="action ${look}" id="${id}">${looks}</button>`;
    return form(shown, { to: 'step', parts: html`${hidden}${button}` });
  }
  const reason = html`${hidden}<label for="${id}-text">${text.label}</label><textarea id="${id}-text" name="text"
    rows="3" maxlength="${text.mostLetters}" ${text.isRequired && 'required'}></textarea><button
    class="action sure">${label}</button>`;
  return html`<details class="ask"><summary class="action ${look}" id="${id}">${looks}</summary>
    <div class="ask-box ask-text" role="group" aria-label="${text.title}">${form(shown, { to: 'step', parts: reason })}</div></details>`;
};

const menuForm = (shown: ShownPanel, { label, options }: Menu, position: number): Markup => {
  const id = `${shown.id}-menu-${position}`;
  const { choose } = contestViewWords(shown.language);
  const isNoneChosen = !options.some(({ isChosen }) => isChosen);
  const parts = html`<label for="${id}">${label}</label><span class="row"><select id="${id}" name="step" required>${
    isNoneChosen && html`<option value="" selected disabled>–</option>`
  }${options.map(
    (option) =>
      html`<option value="${option.step}" ${option.isChosen && 'selected'}>${option.label}</option>`,
  )}</select><button class="action" id="${id}-choose">${choose}</button></span>`;
  return form(shown, { to: 'step', parts });
};

const photoForm = (shown: ShownPanel, { label, options = {} }: Photo): Markup => {
  const id = `${shown.id}-photo`;
  const { send } = contestViewWords(shown.language);
  const fixed = Object.entries(options).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return form(shown, {
    to: 'photo',
    parts: html`${fixed}<label for="${id}">${label}</label><span class="row"><input type="file" id="${id}" name="photo"
      required accept="${photoTypes}"><button class="action primary" id="${id}-send">${send}</button></span>`,
  });
};

const control = (shown: ShownPanel, each: PanelControl, position: number): Markup => {
  switch (each.kind) {
    case 'button':
      return buttonForm(shown, each);
    case 'menu':
      return menuForm(shown, each, position);
    case 'photo':
      return photoForm(shown, each);
    default:
      return each satisfies never;
  }
};

const picture = ({ attachment, alt, caption }: PanelPicture, { addressOf, language }: ShownPanel): Markup => {
  const { play } = contestViewWords(language);
  return html`<li><figure>${filmMarkup(attachment, { alt, addressOf, play })}<figcaption>${caption}</figcaption></figure></li>`;
};

/** What one person sees of a contest: nobody keeps it, and its controls change it in place. */
export const panelMarkup = (shown: ShownPanel): Markup => {
  const { id, panel, language, file } = shown;
  const { title, lines, pictures, controls } = panel;
  return html`<section class="panel" id="${id}" lang="${language}" aria-labelledby="${id}-title" data-news="${[
    title,
    ...lines,
  ].join('\n')}"><h3 class="panel-title" id="${id}-title" tabindex="-1">${title}</h3>
    <div class="panel-problem" id="${id}-problem" role="alert"></div>
    ${lines.map((line) => html`<p class="words">${line}</p>`)}
    ${pictures.length > 0 && html`<ul class="panel-pictures">${pictures.map((each) => picture(each, shown))}</ul>`}
    ${file !== null && html`<p><a class="action primary" href="${file}" download>${contestViewWords(language).download}</a></p>`}
    ${controls.map(
      (row, at) =>
        html`<div class="actions">${row.map((each, index) => control(shown, each, at * 5 + index))}</div>`,
    )}</section>`;
};
