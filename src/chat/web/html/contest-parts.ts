import { html } from 'hono/html';
import { phaseEnd } from '../../../domain/contest/moments.ts';
import type { ContestFacts } from '../../../domain/contest/post.ts';
import { type ContestStep, encodeStep } from '../../../domain/contest/step.ts';
import type { ChatWords } from '../../../messages/chat-words.ts';
import { dateTimeIn } from '../../../messages/contest-page.ts';
import { type ContestViewWords, contestViewWords } from '../../../messages/contest-view-words.ts';
import { addresses } from '../addresses.ts';
import type { ShownAddress } from '../shown-files.ts';

export type Markup = ReturnType<typeof html>;

/** Who looks at a contest, and how they are shown it. */
export type ContestLook = {
  readonly room: string;
  readonly words: ChatWords;
  readonly said: ContestViewWords;
  readonly addressOf: ShownAddress;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export const contestLook = (look: Omit<ContestLook, 'said'>): ContestLook => ({
  ...look,
  said: contestViewWords(look.words.contest.locale),
});

/** What somebody typed, whichever way it runs. */
export const isolated = (text: string): Markup => html`<bdi dir="auto">${text}</bdi>`;

const endOf = (facts: ContestFacts): number | null => phaseEnd({ ...facts, phaseSince: 0 });

const timeOf = (at: number, { zone }: ContestFacts, { said }: ContestLook): Markup =>
  html`<time class="zoned" datetime="${new Date(at).toISOString()}">${dateTimeIn(at, { language: said.language, zone })}</time>`;

/** What there is to do, and until when; without scripts that is all there is of the countdown. */
export const untilLine = (facts: ContestFacts, look: ContestLook): Markup => {
  const { phase } = facts;
  const words = look.words.contest.phase;
  const end = endOf(facts);
  if (end === null || phase === 'closed' || phase === 'cancelled') {
    return html`<p class="until">${phase === 'cancelled' ? words.cancelled : words.closed}</p>`;
  }
  const mark = '\uE000';
  const [before = '', after = ''] = words[phase](mark).split(mark);
  return html`<p class="until">${before}${timeOf(end, facts, look)}${after}</p>`;
};

/** Filled by the page's script, which counts by the clock of the server. */
export const countdown = (facts: ContestFacts, { said, now }: ContestLook): Markup | '' => {
  const { phase } = facts;
  const end = endOf(facts);
  if (end === null || phase === 'closed' || phase === 'cancelled') return '';
  return html`<p class="countdown" role="timer" aria-live="off" data-until="${end}" data-now="${now}" data-language="${said.language}"
    hidden><strong class="countdown-value"></strong> <span>${said.left[phase]}</span></p>`;
};

export const countsLine = ({ phase, entries, voters }: ContestFacts, { words }: ContestLook): Markup | '' => {
  const said = words.contest.posts;
  if (phase === 'draft' || phase === 'cancelled') return '';
  const text = phase === 'entering' ? said.filmsSoFar(entries) : said.took(entries, voters);
  return html`<p class="counts">${text}</p>`;
};

/** A button whose answer is a panel in a box over the page, and without scripts a page of its own. */
export const stepButton = (
  room: string,
  step: ContestStep,
  {
    label,
    emoji,
    look = '',
  }: { readonly label: string; readonly emoji: string; readonly look?: 'primary' | '' },
): Markup => {
  const address = addresses.contestPart(room, 'step');
  return html`<form method="post" action="${address}" hx-post="${address}" hx-target="#panel-slot" hx-swap="innerHTML"
    hx-sync="this:drop"><input type="hidden" name="step" value="${encodeStep(step)}"><button class="action ${look}"
    id="do-${step.kind}"><span aria-hidden="true">${emoji}</span><span>${label}</span></button></form>`;
};

/** The link to the contest above the messages of a room, which is brought up to date as the contest goes on. */
export const contestBadge = (facts: ContestFacts | null, look: ContestLook): Markup => {
  const { room, said } = look;
  const address = addresses.contestPart(room, 'badge');
  const inside = facts
    ? html`<span class="badge-theme">${isolated(facts.rules.theme)}</span> <span class="badge-phase">${said.phases[facts.phase]}</span>
      ${countdown(facts, look)}`
    : html`<span>${said.heading}</span>`;
  return html`<a id="contest-badge" class="contest-badge ${facts ? 'running' : ''}" href="${addresses.contest(room)}" hx-get="${address}"
    hx-trigger="contest-changed from:body" hx-swap="outerHTML" hx-target="this"><span aria-hidden="true">🏆</span> ${inside}</a>`;
};
