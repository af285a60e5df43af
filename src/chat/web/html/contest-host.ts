import { html } from 'hono/html';
import type { CommandField } from '../../../../commands/command.ts';
import type { ContestId } from '../../../domain/contest/contest.ts';
import { isRunning } from '../../../domain/contest/phase.ts';
import type { ContestView } from '../../../domain/contest/view.ts';
import { optionWords } from '../../../messages/names.ts';
import { addresses } from '../addresses.ts';
import { type ContestLook, type Markup, stepButton } from './contest-parts.ts';

type Status = Extract<ContestView, { readonly kind: 'status' }>;

/** What the fields of a form are made from. */
export type StartForm = {
  readonly fields: readonly CommandField[];
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const choices = (field: CommandField, id: string, { said, words }: ContestLook): Markup => {
  const nameOf = (choice: string): string => words.choices[field.name]?.[choice] ?? choice;
  return html`<select id="${id}" name="${field.name}" aria-describedby="${id}-help">${
    field.default === undefined && html`<option value="">–</option>`
  }${(field.choices ?? []).map(
    (choice) =>
      html`<option value="${choice === field.default ? '' : choice}" ${choice === field.default && 'selected'}>${
        choice === field.default ? said.start.standard(nameOf(choice)) : nameOf(choice)
      }</option>`,
  )}</select>`;
};

const input = (field: CommandField, id: string): Markup => {
  const { name, kind, min, max, maxLetters, takes } = field;
  const common = html`id="${id}" name="${name}" aria-describedby="${id}-help" autocomplete="off"`;
  if (takes === 'moment') return html`<input type="datetime-local" ${common}>`;
  // The script fills in the zone that the browser is in.
  if (takes === 'zone')
    return html`<input type="text" ${common} maxlength="${maxLetters ?? 64}" spellcheck="false" data-own-zone>`;
  if (kind === 'integer' || kind === 'number') {
    return html`<input type="number" ${common} min="${min ?? ''}" max="${max ?? ''}" placeholder="${field.default ?? ''}">`;
  }
  return html`<input type="text" ${common} maxlength="${maxLetters ?? 64}">`;
};

const fieldMarkup = (field: CommandField, look: ContestLook): Markup => {
  const id = `start-${field.name}`;
  const named = optionWords(look.words, field.name, 'contest');
  return html`<div class="option ${field.name === 'theme' ? 'wide' : ''}"><label for="${id}">${capitalised((named?.name ?? field.name).replaceAll('_', ' '))}</label>${
    field.choices ? choices(field, id, look) : input(field, id)
  }<small id="${id}-help">${named?.description}</small></div>`;
};

/** The form in which a contest is started, with every option that means something in a room. */
export const startSection = ({ fields }: StartForm, look: ContestLook): Markup => {
  const { room, said } = look;
  const address = addresses.contestPart(room, 'start');
  const isFirst = ({ name }: CommandField): boolean =>
    ['theme', 'preset'].includes(name) || name.endsWith('Until');
  return html`<section class="start"><h2>${said.start.heading}</h2><p>${said.start.how}</p>
    <form method="post" action="${address}" hx-post="${address}" hx-target="#problem" hx-swap="innerHTML" hx-sync="this:drop">
    <div class="fields">${fields.filter(isFirst).map((field) => fieldMarkup(field, look))}</div>
    <details class="more"><summary>${said.start.more}</summary><div class="fields">${fields
      .filter((field) => !isFirst(field))
      .map((field) => fieldMarkup(field, look))}</div></details>
    <button class="action primary big" id="start-contest">${said.start.button}</button></form></section>`;
};

const manageForm = (
  { room, said }: ContestLook,
  {
    verb,
    parts,
    question,
  }: {
    readonly verb: 'extend' | 'close' | 'cancel';
    readonly parts: Markup;
    readonly question: string | null;
  },
): Markup => {
  const address = addresses.contestPart(room, 'manage');
  const form = (inside: Markup): Markup =>
    html`<form class="row" method="post" action="${address}" hx-post="${address}" hx-target="#problem" hx-swap="innerHTML"
    hx-sync="this:drop"><input type="hidden" name="verb" value="${verb}">${inside}</form>`;
  if (question === null) return form(parts);
  return html`<details class="ask"><summary class="action" id="${verb}-ask">${parts}</summary><div class="ask-box" role="group"
    aria-label="${question}"><span>${question}</span>${form(html`<button class="action sure">${said.hosting.yes}</button>`)}</div></details>`;
};

/** What those who hold it can do. */
export const hostSection = (
  { rights, facts, contest }: Pick<Status, 'rights' | 'facts' | 'contest'>,
  { look, isNewest }: { readonly look: ContestLook; readonly isNewest: boolean },
): Markup | '' => {
  const { said, words, room } = look;
  const { hosting } = said;
  const { phase } = facts;
  const may = (right: (typeof rights)[number]): boolean => isNewest && rights.includes(right);
  const review =
    may('review') &&
    stepButton(
      room,
      { kind: 'review', contest, position: 0 },
      {
        label: words.contest.panels.buttons.review(''),
        emoji: '📋',
      },
    );
  const extend =
    may('extend') &&
    manageForm(look, {
      verb: 'extend',
      question: null,
      parts: html`<label for="extend-until">${hosting.until}</label><input type="datetime-local" id="extend-until" name="until" required>
      <button class="action" id="extend">${hosting.extend}</button>`,
    });
  const close =
    may('close') &&
    isRunning(phase) &&
    manageForm(look, {
      verb: 'close',
      question: hosting.closeQuestion,
      parts: html`${hosting.close[phase]}`,
    });
  const cancel =
    may('cancel') &&
    manageForm(look, {
      verb: 'cancel',
      question: hosting.cancelQuestion,
      parts: html`${hosting.cancel}`,
    });
  const file = phase === 'closed' && fileForm(contest, { look, marks: may('export') });
  if (!review && !extend && !close && !cancel && !file) return '';
  return html`<section class="hosting"><h2>${hosting.heading}</h2><div class="actions">${review}${close}${cancel}${file}</div>${extend}</section>`;
};

const fileForm = (
  contest: ContestId,
  { look, marks }: { readonly look: ContestLook; readonly marks: boolean },
): Markup => {
  const { room, said } = look;
  const { hosting } = said;
  if (!marks)
    return html`<a class="action" href="${addresses.contestFile(room, contest)}" download>💾 ${hosting.export}</a>`;
  return html`<form method="post" action="${addresses.contestPart(room, 'export')}"><button class="action" id="export"
    title="${hosting.exportHow}"><span aria-hidden="true">💾</span><span>${hosting.export}</span></button></form><p class="quiet">${hosting.exportHow}</p>`;
};
