import type { ActionsBlock, ConfirmationDialog, HomeView, KnownBlock, SectionBlock } from '@slack/types';
import type { JobView, QueueView } from '../../app/renders.ts';
import { type ErasureCount, isFinished, isSamePerson } from '../../domain/job.ts';
import { defaultKind, kindNames, largerSize } from '../../domain/kinds.ts';
import type { MessageAction } from '../../domain/message.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { cutTo } from '../shared/cut-text.ts';
import { actionButton } from './action-button.ts';
import { appHomeWords } from './app-home-words.ts';
import { type ButtonFields, confirmingButton } from './button-id.ts';
import { beginId } from './names.ts';
import { asPlainText, asText } from './plain-text.ts';
import { slackNotation, slackWords } from './words.ts';

/** Slack's limits. */
const longestSection = 3_000;
const longestQuestion = 300;

/** A render of the person's, and where its message is, if that is known. */
export type OwnRender = { readonly render: JobView; readonly link: string | null };

export type AppHomeContent = {
  /** Newest first; as many as `Renders.mine` gives. */
  readonly mine: readonly OwnRender[];
  readonly queue: QueueView;
  /** What would be deleted with everything of theirs. */
  readonly erasable: ErasureCount;
  /** What came of the button that was just pressed here, where that has to be said. */
  readonly notice: string | null;
  /** Their conversation with the bot, in which is answered what they ask for here; null where there can be none. */
  readonly direct: string | null;
};

const header = (text: string): KnownBlock => ({ type: 'header', text: { type: 'plain_text', text } });
const divider: KnownBlock = { type: 'divider' };

/** @param mrkdwn what `asText` has finished */
const section = (mrkdwn: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: cutTo(mrkdwn, longestSection), verbatim: true },
});

/** Slack asks by itself, without anything being sent. */
const question = (
  text: string,
  { label, words }: { readonly label: string; readonly words: ChatWords },
): ConfirmationDialog => ({
  title: { type: 'plain_text', text: label },
  text: { type: 'plain_text', text: cutTo(asPlainText(text), longestQuestion) },
  confirm: { type: 'plain_text', text: words.erasure.confirm },
  deny: { type: 'plain_text', text: appHomeWords(words).keep },
  style: 'danger',
});

/** Buttons that open the form, one for each kind of render. */
const beginButtons = (direct: string, words: ChatWords): ActionsBlock => ({
  type: 'actions',
  elements: kindNames.map((kind) => ({
    type: 'button',
    text: { type: 'plain_text', text: words.kinds[kind].label },
    ...(kind === defaultKind && { style: 'primary' }),
    action_id: beginId(kind),
    value: direct,
  })),
});

/** The buttons that the last message of a render has, and Cancel before. */
const actionsOf = (render: JobView): readonly MessageAction[] => {
  const { state, failure, origin, photoOwner } = render;
  if (!isFinished(state)) return ['cancel'];
  const hasFilm = state === 'done' && failure === null;
  const larger: readonly MessageAction[] = hasFilm && largerSize(render) !== null ? ['larger'] : [];
  const photo: readonly MessageAction[] = isSamePerson(origin, photoOwner) ? ['delete-photo'] : [];
  return ['reroll', ...larger, 'delete', ...photo];
};

const buttons = (render: JobView, words: ChatWords): ActionsBlock => ({
  type: 'actions',
  elements: actionsOf(render).map((action) => {
    const button = actionButton(action, renderSubject(render.id), { role: 'home', words });
    if (action !== 'delete-photo') return button;
    const { label, help } = words.actions[action];
    return {
      ...button,
      ...confirmingButton({ photoOf: render.id }),
      confirm: question(`${help}.`, { label, words }),
    };
  }),
});

/** `Endless zoom, 256 × 256 · show it`, and below it how it stands. */
const ownRender = (
  { render, link }: OwnRender,
  { words, now }: { readonly words: ChatWords; readonly now: number },
): readonly KnownBlock[] => {
  const { kind, sides, size } = render;
  const pixels = sides ? `${sides.width} × ${sides.height}` : `${size} px`;
  const title = `*${asText(words.kinds[kind].label)}*, ${pixels}`;
  const to = link === null ? '' : ` · <${link}|${asText(appHomeWords(words).show)}>`;
  const state = asText(words.commandWords.mine([render], slackNotation(words, now)));
  return [section(`${title}${to}\n${state}`), buttons(render, words)];
};

/** How long the queue is and takes: nothing of whose renders these are. */
const queueLines = ({ running, waiting }: QueueView, words: ChatWords, now: number): string => {
  const notation = slackNotation(words, now);
  const { running: nowRendering, waiting: inLine } = appHomeWords(words);
  const last = waiting.at(-1);
  if (!running && !last) return words.commandWords.queue({ running, waiting }, notation);
  const lines: string[] = [];
  if (running) {
    const { kind: renderKind, progress, share, etaSeconds, waitsForSpace } = running;
    const body = waitsForSpace
      ? ({ kind: 'no-room', renderKind, progress } as const)
      : ({ kind: 'running', renderKind, progress, share, etaSeconds } as const);
    lines.push(`${nowRendering} ${words.renderSentence(body, notation)}`);
  }
  if (last) {
    const done = last.etaSeconds === null ? null : (notation.when?.(last.etaSeconds) ?? null);
    lines.push(inLine({ count: waiting.length, done }));
  }
  return lines.join('\n');
};

const forgetButton = (
  count: ErasureCount,
  { words, now }: { readonly words: ChatWords; readonly now: number },
): ActionsBlock => {
  const label = appHomeWords(words).forget;
  const typed = slackNotation(words, now).writeCommand?.('forget');
  const fields: ButtonFields = confirmingButton('everything');
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        style: 'danger',
        text: { type: 'plain_text', text: label },
        ...fields,
        confirm: question(words.erasure.everythingQuestion(count, typed), { label, words }),
      },
    ],
  };
};

/**
 * The App Home of one person: how to begin, their own films with buttons, the queue, their data. Nothing of anybody else's.
 * @param options.now milliseconds since 1970
 */
export const appHomeView = (
  { mine, queue, erasable, notice, direct }: AppHomeContent,
  { words, now }: { readonly words: ChatWords; readonly now: number },
): HomeView => {
  const own = appHomeWords(words);
  return {
    type: 'home',
    blocks: [
      ...(notice === null ? [] : [section(asText(notice)), divider]),
      section(asText(slackWords(words).start(words))),
      ...(direct === null ? [] : [beginButtons(direct, words)]),
      divider,
      header(own.mine),
      ...(mine.length > 0
        ? mine.flatMap((one) => ownRender(one, { words, now }))
        : [section(asText(words.commandWords.mine([])))]),
      divider,
      header(own.queue),
      section(asText(queueLines(queue, words, now))),
      divider,
      header(own.privacy),
      section(asText(own.kept)),
      forgetButton(erasable, { words, now }),
    ],
  };
};
