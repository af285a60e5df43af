import { html, raw } from 'hono/html';
import { winnersAmong } from '../../domain/contest/count-votes.ts';
import type { NamedScore } from '../../domain/contest/post.ts';
import type { ContestExport, ContestView } from '../../domain/contest/view.ts';
import type { MessageAttachment } from '../../domain/message.ts';
import { type ContestPageWords, contestPageWords, dateTimeIn } from '../../messages/contest-page.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { contestPageStyle } from './contest-page-style.ts';
import { type InlinedFilm, inlineFiles } from './inlined-files.ts';

type Markup = ReturnType<typeof html>;
type Line = ContestExport['table'][number] & { readonly shown: InlinedFilm };

/** Of the page without its files, and of each entry in it. */
const textBytes = 20_000;
const entryTextBytes = 3_000;

/** Nothing runs in it, and it loads nothing. */
const policy = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'";

/** A name as it is, whichever way it runs. */
const isolated = (text: string): Markup => html`<bdi dir="auto">${text}</bdi>`;

const nameOf = ({ by }: Pick<NamedScore, 'by'>, words: ContestPageWords): string => by?.name ?? words.deleted;

const sidesOf = (picture: MessageAttachment | null) =>
  picture?.sides ? html` width="${picture.sides.width}" height="${picture.sides.height}"` : '';

const filmMarkup = (
  { film, still, isTooLarge }: InlinedFilm,
  {
    picture,
    alt,
    words,
  }: { readonly picture: MessageAttachment | null; readonly alt: string; readonly words: ContestPageWords },
): Markup => {
  const sides = sidesOf(picture);
  if (film !== null && picture?.format === 'mp4') {
    return html`<video controls loop muted playsinline${still && html` poster="${raw(still)}"`}${sides} src="${raw(film)}" aria-label="${alt}"></video>`;
  }
  if (film !== null) {
    return html`<picture>${still && html`<source media="(prefers-reduced-motion: reduce)" srcset="${raw(still)}">`}<img src="${raw(film)}" alt="${alt}"${sides}></picture>`;
  }
  if (still !== null) return html`<img src="${raw(still)}" alt="${alt}"${sides}>`;
  return html`<p class="absent">${isTooLarge ? words.tooLarge : words.gone}</p>`;
};

const card = (
  line: Line,
  words: ContestPageWords,
  { withPlace }: { readonly withPlace: boolean },
): Markup => {
  const { shown, picture, number, place, points } = line;
  const alt = words.filmBy(number, nameOf(line, words));
  return html`<li><figure class="film">${filmMarkup(shown, { picture, alt, words })}
<figcaption>${withPlace && html`<span class="place">${words.place(place)}, ${words.points(points)}</span>`}
<strong>${isolated(nameOf(line, words))}</strong><span>${words.film(number)}</span>
${shown.film === null && shown.still !== null && html`<small>${words.stillOnly}</small>`}</figcaption></figure></li>`;
};

const cards = (
  lines: readonly Line[],
  {
    title,
    kind,
    words,
  }: { readonly title: string; readonly kind: 'winners' | 'films'; readonly words: ContestPageWords },
): Markup => html`<section><h2>${title}</h2>
<ul class="${kind}">${lines.map((line) => card(line, words, { withPlace: kind === 'winners' }))}</ul></section>`;

const row = (line: Line, words: ContestPageWords): Markup => html`<tr><td>${line.place}</td>
<td>${isolated(nameOf(line, words))} (${words.film(line.number)})</td><td>${line.points}</td><td>${line.ranks.join(' / ')}</td></tr>`;

const tableMarkup = (lines: readonly Line[], words: ContestPageWords): Markup => {
  const { place, film, points, ranks } = words.columns;
  return html`<section><h2>${words.sections.table}</h2><div class="table" tabindex="0"><table>
<thead><tr>${[place, film, points, ranks].map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${lines.map((line) => row(line, words))}</tbody></table></div><p class="note">${words.rule}</p></section>`;
};

/** What is said above everything where there is no winner. */
const verdictOf = (table: ContestExport['table'], words: ContestPageWords): string | null => {
  if (table.length === 0) return words.noEntries;
  if (table.every(({ place }) => place === 0)) return words.tooFewVoters;
  return winnersAmong(table).length === 0 ? words.noPoints : null;
};

/** What a file about a theme is called. */
const fileName = (theme: string, wall: string): string => {
  const words =
    theme
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return `${['contest', ...words].join('-').slice(0, 60).replace(/-$/, '')}-${wall.slice(0, 10)}.html`;
};

/**
 * The results and the films of a contest as one HTML file that needs no other: its style, pictures and films are inside
 * it. Films that make it larger than `maxBytes` are shown as stills, and stills that still do are told of.
 * @param options `locale` of whoever asks for it
 */
export const contestPage = async (
  { facts, table, poster, reel }: ContestExport,
  { blobs, locale, maxBytes }: { readonly blobs: Blobs; readonly locale: string; readonly maxBytes: number },
): Promise<{ readonly name: string; readonly file: Uint8Array }> => {
  const words = contestPageWords(locale);
  const { rules, hostName, voteUntil, zone } = facts;
  const { theme } = rules;
  const room = Math.max(0, maxBytes - textBytes - entryTextBytes * table.length);
  const { pictures, films } = await inlineFiles(blobs, {
    ...{ pictures: [poster], films: [reel, ...table.map(({ picture }) => picture)], maxBytes: room },
  });
  const [posterFile] = pictures;
  const [reelShown, ...shown] = films;
  const lines = table.map((line, index) => ({
    ...line,
    shown: shown[index] ?? { film: null, still: null, isTooLarge: false },
  }));
  const winners = winnersAmong(lines);
  const others = lines.filter((line) => !winners.includes(line));
  const verdict = verdictOf(table, words);
  const hasReel = reel !== null && reelShown && (reelShown.film ?? reelShown.still) !== null;
  const until = dateTimeIn(voteUntil.at, { language: words.language, zone });
  const page = await html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<title>${words.results(theme)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Gramzoom">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>${raw(contestPageStyle)}</style>
</head>
<body><main>
<header><h1 dir="auto">${theme}</h1>
<p>${words.host} ${isolated(hostName)}</p><p>${words.ended(until)}</p><p>${words.voted(facts)}</p></header>
${verdict !== null && html`<p class="verdict">${verdict}</p>`}
${winners.length > 0 && cards(winners, { title: words.sections.winners, kind: 'winners', words })}
${hasReel && html`<section><h2>${words.sections.reel}</h2><figure class="film reel">${filmMarkup(reelShown, { picture: reel, alt: words.reelOf(theme), words })}</figure></section>`}
${winners.length > 0 && tableMarkup(lines, words)}
${others.length > 0 && cards(others, { title: winners.length > 0 ? words.sections.others : words.sections.films, kind: 'films', words })}
${posterFile && html`<section><h2>${words.sections.poster}</h2><figure class="poster"><img src="${raw(posterFile)}" alt="${words.posterOf(theme)}"></figure></section>`}
</main></body>
</html>
`;
  return { name: fileName(theme, voteUntil.wall), file: new TextEncoder().encode(String(page)) };
};

/** The page that goes with what `/contest export` answers; null for every other answer. */
export const pageOf = async (
  view: ContestView,
  options: Parameters<typeof contestPage>[1],
): Promise<Awaited<ReturnType<typeof contestPage>> | null> =>
  view.kind === 'export' ? await contestPage(view.content, options) : null;
