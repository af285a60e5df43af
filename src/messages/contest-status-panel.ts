/** How a contest stands for one person. */
import { contestCommand } from '../domain/command-name.ts';
import { isLive } from '../domain/contest/contest.ts';
import { isRunning } from '../domain/contest/phase.ts';
import type { ContestView } from '../domain/contest/view.ts';
import { button, entryPicture, panelOf } from './contest-controls.ts';
import { type ContestVoice, countsText, phaseText } from './contest-facts.ts';
import { momentText } from './contest-names.ts';
import type { Panel, PanelControl } from './panel.ts';

type StatusView = Extract<ContestView, { readonly kind: 'status' }>;

const mostOwn = 3;
/** What those who hold it can do by commands. */
const hostVerbs = ['extend', 'close', 'cancel', 'export'] as const;

/** What has just been done, and how it stands. */
const standing = ({ facts, what }: StatusView, voice: ContestVoice): readonly string[] => {
  const { done, ended } = voice.phrases.panels;
  const stands = phaseText(facts, voice);
  if (what === null) return [stands];
  if (what === 'cancelled') return [done.cancelled];
  if (what !== 'closed') return [done[what], stands];
  switch (facts.phase) {
    case 'voting':
      return [ended.entering(momentText(facts.voteUntil, facts.zone, voice))];
    case 'closed':
      return [ended.voting];
    case 'draft':
    case 'entering':
    case 'cancelled':
      return [stands];
    default:
      return facts.phase satisfies never;
  }
};

export const statusPanel = (view: StatusView, voice: ContestVoice): Panel => {
  const { contest, facts, what, entries, ballot, isFollowing, rights } = view;
  const { phrases } = voice;
  const { panels, numbered } = phrases;
  const { buttons } = panels;
  const said = panels.status;
  const may = (right: (typeof rights)[number]): boolean => rights.includes(right);
  const own = entries.map(({ number, state, reason }) =>
    [`${numbered(number)}: ${said.states[state]}`, ...(reason ? [phrases.reason(reason)] : [])].join('. '),
  );
  const hosting = hostVerbs.filter(may).map((verb) => voice.writeCommand(contestCommand(verb)));
  const mayTakePart = isRunning(facts.phase);
  const isOpen = mayTakePart || facts.phase === 'draft';
  // Whoever has entered a film that is not in yet need not hear that there is none.
  const isFirst = facts.phase === 'entering' && facts.entries === 0 && own.length > 0;
  const isCounting = facts.phase !== 'draft' && facts.phase !== 'cancelled' && !isFirst;
  const lines = [
    ...standing(view, voice),
    ...(isCounting ? [countsText(facts, voice)] : []),
    ...(own.length > 0 ? [[said.entries, ...own].join('\n')] : mayTakePart ? [said.none] : []),
    ...(ballot.length > 0
      ? [said.ballot(ballot.map(numbered))]
      : facts.phase === 'voting'
        ? [said.noBallot]
        : []),
    ...(isFollowing && isOpen && what !== 'followed' ? [said.following] : []),
    ...(hosting.length > 0 ? [said.hosting(hosting)] : []),
  ];
  const main: readonly PanelControl[] = [
    ...(may('enter')
      ? [button(buttons.enter, { kind: 'choose', contest }, { emoji: '🏆', look: 'primary' })]
      : []),
    ...(may('vote')
      ? [button(buttons.vote, { kind: 'ballot', contest, page: 0 }, { emoji: '🗳️', look: 'primary' })]
      : []),
    ...(isFollowing
      ? [button(buttons.unfollow, { kind: 'follow', contest, on: false }, { emoji: '🔕' })]
      : []),
    ...(!isFollowing && may('follow')
      ? [button(buttons.follow, { kind: 'follow', contest, on: true }, { emoji: '🔔' })]
      : []),
    ...(may('review')
      ? [button(buttons.review(''), { kind: 'review', contest, position: 0 }, { emoji: '📋' })]
      : []),
  ];
  const withdrawable = may('withdraw') ? entries.filter(isLive) : [];
  return panelOf(facts.rules.theme, lines, {
    pictures: entries
      .slice(-mostOwn)
      .flatMap((entry) => entryPicture(entry, { caption: numbered(entry.number), voice })),
    controls: [
      main,
      withdrawable.map(({ id, number }) =>
        button(
          buttons.withdraw(numbered(number)),
          { kind: 'withdraw', contest, entry: id },
          { look: 'danger' },
        ),
      ),
    ],
  });
};
