import { html } from 'hono/html';
import { fewestVoters } from '../../../domain/contest/contest.ts';
import { winnersAmong } from '../../../domain/contest/count-votes.ts';
import type { NamedScore } from '../../../domain/contest/post.ts';
import type { ContestExport, HallLine } from '../../../domain/contest/view.ts';
import { type ContestPageWords, contestPageWords, dateTimeIn } from '../../../messages/contest-page.ts';
import { addresses } from '../addresses.ts';
import { type ContestLook, isolated, type Markup } from './contest-parts.ts';
import { filmMarkup } from './film.ts';

type Line = ContestExport['table'][number];

const nameOf = ({ by }: Pick<NamedScore, 'by'>, words: ContestPageWords): string => by?.name ?? words.deleted;

const resultCard = (
  line: Line,
  {
    look,
    words,
    withPlace,
  }: { readonly look: ContestLook; readonly words: ContestPageWords; readonly withPlace: boolean },
): Markup => {
  const { number, place, points, picture } = line;
  const { addressOf, said } = look;
  const name = nameOf(line, words);
  return html`<li><article class="film-card ${withPlace ? 'winner' : ''}" aria-label="${words.filmBy(number, name)}">${
    picture
      ? filmMarkup(picture, { alt: words.filmBy(number, name), addressOf, play: said.play })
      : html`<p class="absent">${words.gone}</p>`
  }<div class="card-text">${withPlace && html`<p class="place">${words.place(place)} · ${words.points(points)}</p>`}<h3>${isolated(
    name,
  )}</h3><p class="quiet">${words.film(number)}</p></div></article></li>`;
};

const table = (lines: readonly Line[], words: ContestPageWords): Markup => {
  const { place, film, points, ranks } = words.columns;
  return html`<div class="table" tabindex="0" role="region" aria-label="${words.sections.table}"><table>
    <thead><tr>${[place, film, points, ranks].map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>${lines.map(
      (
        line,
      ) => html`<tr><td>${line.place}</td><td>${isolated(nameOf(line, words))} (${words.film(line.number)})</td>
        <td>${line.points}</td><td>${line.ranks.join(' / ')}</td></tr>`,
    )}</tbody></table></div><p class="quiet">${words.rule}</p>`;
};

/** What is said where there is no winner. */
const verdict = (
  lines: readonly Line[],
  { words, pageWords }: { readonly words: ContestLook['words']; readonly pageWords: ContestPageWords },
) => {
  const said = words.contest.posts.results;
  if (lines.length === 0) return said.noEntries;
  if (lines.every(({ place }) => place === 0)) return said.tooFewVoters(fewestVoters);
  return winnersAmong(lines).length === 0 ? pageWords.noPoints : null;
};

/** Winners with their films, the reel and the poster, the whole table and the other films. */
export const resultsSection = (
  { facts, table: lines, poster, reel }: ContestExport,
  look: ContestLook,
): Markup => {
  const { addressOf, said } = look;
  const { theme } = facts.rules;
  const words = contestPageWords(said.language);
  const { sections } = words;
  const winners = winnersAmong(lines);
  const others = lines.filter((line) => !winners.includes(line));
  const problem = verdict(lines, { words: look.words, pageWords: words });
  return html`<div class="results">${problem !== null && html`<p class="verdict">${problem}</p>`}
    ${
      winners.length > 0 &&
      html`<section><h2>${sections.winners}</h2><ul class="film-grid winners">${winners.map((line) =>
        resultCard(line, { look, words, withPlace: true }),
      )}</ul></section>`
    }
    ${
      (reel || poster) &&
      html`<div class="showpieces">${
        reel &&
        html`<section><h2>${sections.reel}</h2><div class="showpiece">${filmMarkup(reel, {
          alt: words.reelOf(theme),
          addressOf,
          play: said.play,
        })}</div></section>`
      }${
        poster &&
        html`<section><h2>${sections.poster}</h2><div class="showpiece"><img class="poster" src="${addressOf(
          poster.blob,
          poster.format,
        )}" alt="${words.posterOf(theme)}" decoding="async" loading="lazy"></div></section>`
      }</div>`
    }
    ${winners.length > 0 && html`<section><h2>${sections.table}</h2>${table(lines, words)}</section>`}
    ${
      others.length > 0 &&
      html`<section><h2>${winners.length > 0 ? sections.others : sections.films}</h2><ul class="film-grid">${others.map(
        (line) => resultCard(line, { look, words, withPlace: false }),
      )}</ul></section>`
    }</div>`;
};

/** Contests of the room that have a winner. */
export const hallSection = (contests: readonly HallLine[], look: ContestLook): Markup | '' => {
  const { said, words, addressOf, room } = look;
  const { hall } = words.contest.panels;
  if (contests.length === 0) return '';
  return html`<section class="hall"><h2>${said.hall}</h2><ul class="hall-list">${contests.map(
    ({ contest, theme, finishedAt, zone, winners, picture }) =>
      html`<li class="past">${
        picture &&
        html`<img class="hall-picture" src="${addressOf(picture.blob, picture.format)}" alt="" loading="lazy" decoding="async">`
      }<div><h3><a href="${addresses.contest(room, contest)}">${isolated(theme)}</a></h3><p class="quiet">${dateTimeIn(
        finishedAt,
        {
          language: said.language,
          zone,
        },
      )}</p>${winners.map((score) => {
        const name = score.by?.name ?? words.contest.deleted;
        return html`<p>${hall.winner(score.place, name, score.points)}</p>`;
      })}</div></li>`,
  )}</ul></section>`;
};
