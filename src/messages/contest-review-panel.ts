import { isLegalEntryMove } from '../domain/contest/contest.ts';
import { isRunning } from '../domain/contest/phase.ts';
import type { ContestView } from '../domain/contest/view.ts';
import { asking, button, entryPicture, fitted, panelOf } from './contest-controls.ts';
import type { ContestVoice } from './contest-facts.ts';
import { personText } from './contest-names.ts';
import type { Panel, PanelControl } from './panel.ts';

type ReviewView = Extract<ContestView, { readonly kind: 'review' }>;

/** So many reports and doubtful votes are shown; of the rest how many there are. */
const mostShown = 5;
const mostReportLetters = 250;

const list = (
  heading: string,
  lines: readonly string[],
  more: (count: number) => string,
): readonly string[] =>
  lines.length === 0
    ? []
    : [
        [
          heading,
          ...lines.slice(0, mostShown).map((line) => `• ${line}`),
          ...(lines.length > mostShown ? [more(lines.length - mostShown)] : []),
        ].join('\n'),
      ];

const decisions = (
  { contest, facts, isBanned }: ReviewView,
  entry: NonNullable<ReviewView['entry']>,
  voice: ContestVoice,
): readonly PanelControl[] => {
  const { buttons } = voice.phrases.panels;
  const of = { contest, entry: entry.id } as const;
  // What is being rendered comes in by itself.
  const canBecome = (state: 'in' | 'rejected' | 'disqualified'): boolean =>
    entry.state !== 'rendering' && isLegalEntryMove(entry.state, state) && !(isBanned && state === 'in');
  if (!isRunning(facts.phase)) return [];
  return [
    ...(canBecome('in')
      ? [button(buttons.approve, { kind: 'approve', ...of }, { emoji: '✅', look: 'primary' })]
      : []),
    ...(canBecome('rejected') ? [asking(buttons.reject, { kind: 'reject', ...of }, { voice })] : []),
    // What waits is not let in; to take it out would say the same.
    ...(canBecome('disqualified') && !canBecome('rejected')
      ? [asking(buttons.disqualify, { kind: 'disqualify', ...of }, { voice })]
      : []),
    isBanned
      ? button(buttons.unban, { kind: 'unban', ...of }, {})
      : asking(buttons.ban, { kind: 'ban', ...of }, { voice }),
  ];
};

/** One entry as a moderator sees it: whose it is, what was said against it, and what can be done. */
export const reviewPanel = (view: ReviewView, voice: ContestVoice): Panel => {
  const { contest, entry, position, total, reports, doubts, done } = view;
  const { phrases, notation } = voice;
  const { panels, numbered } = phrases;
  const said = panels.review;
  const lines = [
    ...(done === null ? [] : [said.done[done.what](numbered(done.number))]),
    ...(entry === null ? [said.none] : [said.position(view)]),
    ...(entry === null
      ? []
      : [
          [
            entry.by
              ? said.by(numbered(entry.number), personText(entry.by, notation))
              : numbered(entry.number),
            panels.status.states[entry.state],
          ].join(': '),
        ]),
    ...(entry?.reason ? [phrases.reason(entry.reason)] : []),
    ...(entry && !entry.picture ? [panels.show.gone] : []),
    ...list(
      said.reports,
      reports.map((report) => fitted(report, mostReportLetters)),
      said.more,
    ),
    ...list(
      said.doubts,
      doubts.map(
        ({ voter, doubts: why }) =>
          `${personText(voter, notation)}: ${why.map((one) => said.doubt[one]).join(', ')}`,
      ),
      said.more,
    ),
  ];
  const turn = (label: string, to: number): readonly PanelControl[] =>
    to >= 0 && to < total ? [button(label, { kind: 'review', contest, position: to }, {})] : [];
  return panelOf(said.title, lines, {
    pictures: entry ? entryPicture(entry, { caption: numbered(entry.number), voice }) : [],
    controls: [
      entry ? decisions(view, entry, voice) : [],
      [
        ...turn(panels.buttons.back, position - 1),
        ...turn(panels.buttons.next, position + 1),
        button(panels.buttons.status, { kind: 'status', contest }, {}),
      ],
    ],
  });
};
