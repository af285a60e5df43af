import { html, raw } from 'hono/html';
import { formatBytes } from '../../../domain/bytes.ts';
import { defaultKind, type KindName, kindNames } from '../../../domain/kinds.ts';
import type { FieldRule } from '../../../domain/request.ts';
import { en } from '../../../messages/en.ts';
import { webPage } from '../../../messages/page-words.ts';
import type { NetworkFacts } from '../../../ports/networks.ts';
import { addresses } from '../addresses.ts';
import type { Completion } from '../completion.ts';
import { icon } from './icons.ts';

const words = webPage.composer;

const standard = (rule: FieldRule): string => String(rule.default ?? words.otherwise(rule));

type Networks = readonly NetworkFacts[];
/** Where a field stands in the page. */
type Place = { readonly id: string; readonly networks: Networks };

/** A network that is not there yet says what it costs to have it. */
const choiceLabel = (rule: FieldRule, value: string, networks: Networks): string => {
  if (value === rule.default) return words.standard(value);
  const network = rule.name === 'network' && networks.find(({ name }) => name === value);
  return network && !network.present ? words.absent(value, formatBytes(network.bytes)) : value;
};

const choice = (rule: FieldRule, { id, networks }: Place) =>
  html`<select id="${id}" name="${rule.name}" aria-describedby="help-${id}">${(rule.choices ?? []).map(
    (value) =>
      html`<option value="${value === rule.default ? '' : value}" ${value === rule.default && 'selected'}>${choiceLabel(
        rule,
        value,
        networks,
      )}</option>`,
  )}</select>`;

// What is out of range is answered with the schema's own sentence, so the browser does not check.
const input = (rule: FieldRule, { id }: Place) =>
  html`<input id="${id}" name="${rule.name}" placeholder="${standard(rule)}" autocomplete="off"
    aria-describedby="help-${id}" ${
      rule.kind === 'integer' || rule.kind === 'number'
        ? html`type="number" min="${rule.min ?? ''}" max="${rule.max ?? ''}" step="${
            rule.kind === 'number' ? 'any' : (rule.multipleOf ?? 1)
          }"`
        : html`type="text" maxlength="40" spellcheck="false"`
    }>`;

const help = (rule: FieldRule, { id, networks }: Place) =>
  html`<small id="help-${id}">${rule.description}${en.choiceLines(rule.name, networks).map((line) => html`<span class="choice-line">${line}</span>`)}</small>`;

const option = (rule: FieldRule, place: Place) =>
  html`<div class="option"><label for="${place.id}">${rule.name}</label>${
    rule.choices ? choice(rule, place) : input(rule, place)
  }${help(rule, place)}</div>`;

/** Fields of several kinds have the same name: what is not chosen is disabled, and not sent. */
const optionsOf = (kind: KindName, rules: readonly FieldRule[], networks: Networks) => {
  const isChosen = kind === defaultKind;
  const idOf = (name: string): string => (isChosen ? `option-${name}` : `${kind}-option-${name}`);
  return html`<fieldset class="kind-options" data-kind="${kind}" aria-label="${en.kinds[kind].label}" ${
    !isChosen && html`hidden disabled`
  }>${rules.map((rule) => option(rule, { id: idOf(rule.name), networks }))}</fieldset>`;
};

const kindChoice = () =>
  html`<div id="kinds" role="radiogroup" aria-label="${words.kind}">${kindNames.map(
    (kind) =>
      html`<label class="kind"><input type="radio" name="kind" value="${kind}" ${
        kind === defaultKind && 'checked'
      }><span>${en.kinds[kind].label}</span></label>`,
  )}</div>`;

/** Data for the page's script. A data block is no script to a browser; no `<` in it can end it early. */
const dataBlock = (id: string, data: unknown) =>
  html`<script type="application/json" id="${id}">${raw(JSON.stringify(data).replaceAll('<', '\\u003c'))}</script>`;

/** Where one writes: a line with completion, a photo, the options of the schema. */
export const composer = ({
  room,
  fields,
  networks,
  completion,
  maxPhotoBytes,
  maxWork,
}: {
  readonly room: string;
  readonly fields: (kind: KindName) => readonly FieldRule[];
  readonly networks: Networks;
  readonly completion: Completion;
  readonly maxPhotoBytes: number;
  /** See `Renders.maxWork`. */
  readonly maxWork: number;
}) =>
  html`<form id="composer" method="post" action="${addresses.messages(room)}" enctype="multipart/form-data" novalidate
    aria-label="${words.form}" hx-post="${addresses.messages(room)}" hx-encoding="multipart/form-data"
    hx-target="#problem" hx-swap="innerHTML" hx-sync="this:drop"
    data-unreachable="${webPage.status.unreachable}" data-photo-gone="${words.photoGone}" data-stopped="${words.stopped}" data-max-bytes="${maxPhotoBytes}"
    data-too-large="${words.tooLarge(formatBytes(maxPhotoBytes))}">
    <div id="problem" role="alert"></div>
    <input type="hidden" name="browser-zone" data-own-zone>
    <div id="preview" hidden>
      <img class="preview-image" alt="${words.preview}" width="72" height="72">
      <p class="preview-facts"><span id="preview-name"></span><small class="preview-size" id="preview-size"></small></p>
      <button type="button" class="round" id="remove-photo" aria-label="${words.removePhoto}" title="${words.removePhoto}">${icon(
        'cancel',
      )}</button>
    </div>
    <div id="upload" hidden data-sent="${words.sent('{percent}')}" data-looking="${words.looking}">
      <progress id="upload-bar" max="100" value="0" aria-label="${words.sending}"></progress>
      <span id="upload-text"></span>
      <button type="button" class="round" id="stop-upload" aria-label="${words.stopSending}" title="${words.stopSending}">${icon(
        'cancel',
      )}</button>
      <span class="unseen" id="upload-news" role="status"></span>
    </div>
    ${kindNames.length > 1 && kindChoice()}
    <div class="bar">
      <span class="round file"><input class="file-input" type="file" id="photo" name="photo" aria-label="${words.addPhoto}" title="${words.addPhoto}"
        accept="image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,image/gif,image/tiff">${icon('photo')}</span>
      <div class="line">
        <input type="text" id="text" name="text" maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false"
          placeholder="${words.placeholder}" aria-label="${words.label}" role="combobox" aria-expanded="false"
          aria-controls="suggestions" aria-autocomplete="list" enterkeyhint="send">
        <ul id="suggestions" role="listbox" aria-label="${words.suggestions}" hidden></ul>
      </div>
      <button type="button" class="round" id="toggle-options" aria-expanded="false" aria-controls="options"
        aria-label="${words.options}" title="${words.options}">${icon('options')}</button>
      <button type="submit" class="round send" id="send" aria-label="${words.send}" title="${words.send}">${icon('send')}</button>
    </div>
    <fieldset id="options" hidden><legend class="unseen">${words.options}</legend>${kindNames.map((kind) =>
      optionsOf(kind, fields(kind), networks),
    )}<p class="work-limit">${en.workLimit(maxWork)}</p></fieldset>
    ${dataBlock('completion', completion)}
  </form>`;
