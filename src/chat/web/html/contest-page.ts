import { html } from 'hono/html';
import type { ContestExport, ContestView, HallLine } from '../../../domain/contest/view.ts';
import { onPage } from '../../../messages/page-words.ts';
import { addresses } from '../addresses.ts';
import { type BallotData, ballotSection } from './contest-ballot.ts';
import { hostSection, type StartForm, startSection } from './contest-host.ts';
import {
  type ContestLook,
  countdown,
  countsLine,
  isolated,
  type Markup,
  stepButton,
  untilLine,
} from './contest-parts.ts';
import { hallSection, resultsSection } from './contest-results.ts';
import { icon } from './icons.ts';
import { type AssetLinks, frame } from './page.ts';
import { panelMarkup, type ShownPanel } from './panel.ts';

type Status = Extract<ContestView, { readonly kind: 'status' }>;

/** A contest as it is shown to somebody. */
export type ShownContest = {
  readonly status: Status;
  /** Null where there is nothing to vote for, and where they may not vote: `problem` says why. */
  readonly ballot: BallotData | null;
  readonly problem: string | null;
  readonly results: ContestExport | null;
  /** Whether it is the one that commands in the room are about. */
  readonly isNewest: boolean;
};

/** What a page of contests has: one of them, if there is any, and what is around it. */
export type ContestPage = {
  readonly contest: ShownContest | null;
  readonly hall: readonly HallLine[];
  /** Null while a contest runs. */
  readonly start: StartForm | null;
  /** Changes of the room since then are not in it. */
  readonly version: number;
  readonly person: string;
};

/** What makes the page look different, for its script: a change of anything else does not move what is there. */
const stateOf = ({ status, ballot, results }: ShownContest): string =>
  [
    status.facts.phase,
    status.facts.enterUntil.at,
    status.facts.voteUntil.at,
    status.rights.join(),
    ballot?.entries
      .map(({ id }) => id)
      .toSorted()
      .join() ?? '',
    results?.table.length ?? '',
    results?.reel?.blob ?? '',
    results?.poster?.blob ?? '',
  ].join(' ');

const ownButtons = ({ contest, rights, isFollowing }: Status, { room, words }: ContestLook): Markup => {
  const { buttons } = words.contest.panels;
  const may = (right: Status['rights'][number]): boolean => rights.includes(right);
  return html`<div class="actions">${may('enter') && stepButton(room, { kind: 'choose', contest }, { label: buttons.enter, emoji: '🏆', look: 'primary' })}
    ${may('vote') && html`<a class="action primary" href="#ballot"><span aria-hidden="true">🗳️</span><span>${buttons.vote}</span></a>`}
    ${stepButton(room, { kind: 'status', contest }, { label: buttons.status, emoji: '📋' })}
    ${may('follow') && stepButton(room, { kind: 'follow', contest, on: !isFollowing }, isFollowing ? { label: buttons.unfollow, emoji: '🔕' } : { label: buttons.follow, emoji: '🔔' })}</div>`;
};

const headSection = (status: Status, look: ContestLook): Markup => {
  const { facts } = status;
  const { said } = look;
  return html`<header class="contest-head"><p class="phase phase-${facts.phase}">${said.phases[facts.phase]}</p>
    <h1>${isolated(facts.rules.theme)}</h1>
    <div id="contest-facts">${countdown(facts, look)}${untilLine(facts, look)}${countsLine(facts, look)}</div>
    ${ownButtons(status, look)}</header>`;
};

const rulesSection = ({ facts }: Status, { words, said }: ContestLook): Markup =>
  html`<details class="rules" id="rules" ${facts.phase === 'entering' && 'open'}><summary>${said.rules}</summary><ul>${words
    .contestRules(facts, onPage)
    .map(
      (rule) => html`<li>${rule}</li>`,
    )}</ul>${facts.hostName !== '' && html`<p class="quiet">${words.contest.posts.host(facts.hostName)}</p>`}</details>`;

const contestSection = (shown: ShownContest, look: ContestLook): Markup => {
  const { status, ballot, problem, results, isNewest } = shown;
  const { phase } = status.facts;
  const isBefore = phase === 'draft' || phase === 'entering';
  return html`${headSection(status, look)}
    ${problem !== null && html`<p class="verdict">${problem}</p>`}
    ${results && resultsSection(results, look)}
    ${phase !== 'cancelled' && rulesSection(status, look)}
    ${isBefore && html`<p class="quiet secret">${look.said.secret}</p>`}
    ${ballot && ballotSection(ballot, look)}
    ${hostSection(status, { look, isNewest })}`;
};

/** The contest of a room, with everything that somebody sees and can do there. */
export const contestPageMarkup = (
  { contest, hall, start, version, person }: ContestPage,
  { look, asset }: { readonly look: ContestLook; readonly asset: AssetLinks },
) => {
  const { room, said } = look;
  const theme = contest?.status.facts.rules.theme ?? said.heading;
  return frame(said.title(theme, room), asset, {
    language: said.language,
    body: html`<body class="contest-page">
<a class="skip" href="#contest">${said.heading}</a>
<header class="contest-top"><a href="${addresses.room(room)}"><span aria-hidden="true">←</span> ${said.back(room)}</a><span class="who">${person}</span></header>
<div id="problem" role="alert"></div>
<main id="contest" tabindex="-1" data-state="${contest ? stateOf(contest) : 'none'}">${
      contest
        ? contestSection(contest, look)
        : html`<header class="contest-head"><h1>${said.heading}</h1><p>${said.none}</p></header>`
    }${hallSection(hall, look)}${start && startSection(start, look)}</main>
<dialog id="panel-dialog" aria-label="${said.heading}"><form method="dialog"><button class="round" aria-label="${said.close}" title="${said.close}">${icon(
      'cancel',
    )}</button></form><div id="panel-slot"></div></dialog>
<div id="news" class="unseen" aria-live="polite"></div>
<div id="contest-live" data-events="${addresses.events(room)}" data-version="${version}"></div>
</body>`,
  });
};

/** A panel for those without scripts. */
export const panelPage = (
  shown: ShownPanel,
  { look, asset }: { readonly look: ContestLook; readonly asset: AssetLinks },
) => {
  const { room, said } = look;
  return frame(said.title(shown.panel.title, room), asset, {
    language: said.language,
    body: html`<body class="contest-page"><header class="contest-top"><a href="${addresses.contest(room)}"><span aria-hidden="true">←</span> ${said.open}</a></header>
<main id="contest">${panelMarkup(shown)}</main></body>`,
  });
};
