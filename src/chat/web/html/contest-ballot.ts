import { html } from 'hono/html';
import type { ContestId, EntryId } from '../../../domain/contest/contest.ts';
import { encodeStep } from '../../../domain/contest/step.ts';
import type { EntryView } from '../../../domain/contest/view.ts';
import { addresses } from '../addresses.ts';
import { type ContestLook, isolated, type Markup } from './contest-parts.ts';
import { filmMarkup } from './film.ts';

/** What somebody can vote for, in their own order, and what they have voted for. */
export type BallotData = {
  readonly contest: ContestId;
  readonly entries: readonly EntryView[];
  /** Numbers of the entries on the first, second and third place. */
  readonly ranks: readonly (number | null)[];
};

/** An entry as far as its buttons need it. */
type Votable = Pick<EntryView, 'id' | 'number' | 'isOwn' | 'rank'>;

const places = [1, 2, 3] as const;
const ranksId = (entry: EntryId): string => `ranks-${entry}`;

const rankButton = (
  {
    contest,
    entry,
    rank,
  }: { readonly contest: ContestId; readonly entry: Votable; readonly rank: 0 | 1 | 2 | 3 },
  { words }: ContestLook,
): Markup => {
  const { panels, numbered } = words.contest;
  const isChosen = rank !== 0 && entry.rank === rank;
  const label = rank === 0 ? panels.buttons.unrank : panels.buttons.rank(rank);
  const step = encodeStep({ kind: 'rank', contest, entry: entry.id, rank, page: 0 });
  return html`<button class="rank" id="rank-${entry.id}-${rank}" name="step" value="${step}" data-rank="${rank}" aria-pressed="${String(isChosen)}"
    title="${label}" aria-label="${label}: ${numbered(entry.number)}">${rank === 0 ? '×' : rank}</button>`;
};

/** The buttons that put a film on a place. */
export const rankButtons = (
  contest: ContestId,
  entry: Votable,
  { look, isUpdate = false }: { readonly look: ContestLook; readonly isUpdate?: boolean },
): Markup => {
  const { said, room } = look;
  const id = ranksId(entry.id);
  const update = isUpdate && html`hx-swap-oob="true"`;
  if (entry.isOwn) return html`<p class="ranks own" id="${id}" ${update}>${said.yours}</p>`;
  const address = addresses.contestPart(room, 'rank');
  // Clicks are taken one after another: none is lost, and the last one is what counts.
  return html`<form class="ranks" id="${id}" method="post" action="${address}" hx-post="${address}" hx-target="#problem"
    hx-swap="innerHTML" hx-sync="#contest:queue all" ${update}>${places.map((rank) => rankButton({ contest, entry, rank }, look))}${
      entry.rank !== null && rankButton({ contest, entry, rank: 0 }, look)
    }</form>`;
};

/** What one's vote is now. It is read out when it changes. */
export const ballotSummary = (
  { ranks }: Pick<BallotData, 'ranks'>,
  { look: { words }, isUpdate = false }: { readonly look: ContestLook; readonly isUpdate?: boolean },
): Markup => {
  const { panels, numbered } = words.contest;
  const isEmpty = ranks.every((number) => number === null);
  const lines = places.map((rank) => {
    const number = ranks[rank - 1] ?? null;
    return html`<li>${panels.ballot.rank(rank, number === null ? null : numbered(number))}</li>`;
  });
  return html`<div id="ballot-summary" role="status" ${isUpdate && html`hx-swap-oob="innerHTML"`}>${
    isUpdate && html`<p class="saved">✓ ${panels.ballot.changed}</p>`
  }${isEmpty ? html`<p>${panels.ballot.empty}</p>` : html`<ol>${lines}</ol>`}</div>`;
};

const card = (
  entry: EntryView,
  { contest, look }: { readonly contest: ContestId; readonly look: ContestLook },
) => {
  const { words, said, addressOf, room } = look;
  const { panels, numbered } = words.contest;
  const number = numbered(entry.number);
  const step = addresses.contestPart(room, 'step');
  return html`<li><article class="film-card" tabindex="0" aria-label="${number}" id="entry-${entry.id}">
    ${
      entry.picture
        ? filmMarkup(entry.picture, { alt: panels.show.alt(number), addressOf, play: said.play })
        : html`<p class="absent">${panels.show.gone}</p>`
    }
    <div class="card-text"><h3>${number}</h3>${entry.by && html`<p>${isolated(entry.by.name)}</p>`}</div>
    ${rankButtons(contest, entry, { look })}
    ${
      !entry.isOwn &&
      html`<form class="card-more" method="post" action="${step}" hx-post="${step}" hx-target="#panel-slot" hx-swap="innerHTML"><input
      type="hidden" name="step" value="${encodeStep({ kind: 'show', contest, entry: entry.id })}"><button class="plain"
      id="show-${entry.id}" aria-label="${panels.buttons.watch(number)}">${panels.buttons.watch('').trim()}</button></form>`
    }</article></li>`;
};

/** The films in the order of whoever looks, each with the buttons that put it on a place. */
export const ballotSection = (data: BallotData, look: ContestLook): Markup => {
  const { said, words } = look;
  const { ballot } = words.contest.panels;
  const { contest, entries } = data;
  if (entries.length === 0) return html`<section><h2>${said.films}</h2><p>${ballot.noFilms}</p></section>`;
  return html`<section id="ballot" aria-labelledby="ballot-title"><h2 id="ballot-title">${said.ballot}</h2>
    <p>${ballot.how}</p><p class="quiet">${said.ownOrder} <span class="keys">${said.keys}</span></p>
    <div class="ballot-bar">${ballotSummary(data, { look })}</div>
    <ul class="film-grid">${entries.map((entry) => card(entry, { contest, look }))}</ul></section>`;
};
