import type { ContestView } from '../domain/contest/view.ts';
import { button, entryPicture, type MenuOption, menu, mostOptions, panelOf } from './contest-controls.ts';
import type { ContestVoice } from './contest-facts.ts';
import type { Panel, PanelControl } from './panel.ts';

type BallotView = Extract<ContestView, { readonly kind: 'ballot' }>;
type Votable = BallotView['all'][number];

const ranks = [1, 2, 3] as const;

/** One place is for taking a rank back. */
const mostOffered = mostOptions - 1;

const votableIn = ({ all }: BallotView): readonly Votable[] => all.filter(({ isOwn }) => !isOwn);

const isTooMany = (view: BallotView): boolean => votableIn(view).length > mostOffered;

/**
 * The entries that a menu offers: all, or where they are too many those around the page, in one's own order, and what
 * is on that rank.
 */
const offered = (view: BallotView, rank: 1 | 2 | 3): readonly Votable[] => {
  const votable = votableIn(view);
  if (!isTooMany(view)) return votable;
  const chosen = votable.filter((entry) => entry.rank === rank);
  const others = votable.filter((entry) => entry.rank !== rank);
  const onPage = new Set(view.entries.map(({ id }) => id));
  const first = Math.max(
    0,
    others.findIndex(({ id }) => onPage.has(id)),
  );
  const count = mostOffered - chosen.length;
  const from = Math.min(first, others.length - count);
  const shown = new Set([...others.slice(from, from + count), ...chosen]);
  return votable.filter((entry) => shown.has(entry));
};

const rankMenu = (view: BallotView, rank: 1 | 2 | 3, { phrases }: ContestVoice): readonly PanelControl[] => {
  const { contest, page } = view;
  const { panels, numbered } = phrases;
  const said = panels.ballot;
  const there = view.all.find((entry) => entry.rank === rank);
  const options: readonly MenuOption[] = offered(view, rank).map((entry) => ({
    label: `${said.menu(rank)}: ${numbered(entry.number)}`,
    step: { kind: 'rank', contest, entry: entry.id, rank, page },
    isChosen: entry.rank === rank,
  }));
  const nothing: readonly MenuOption[] = there
    ? [
        {
          label: `${said.menu(rank)}: ${said.nothing}`,
          step: { kind: 'rank', contest, entry: there.id, rank: 0, page },
          isChosen: false,
        },
      ]
    : [];
  return options.length > 0 ? [menu(said.menu(rank), [...nothing, ...options])] : [];
};

/** A page of films in one's own order, a menu for each rank, and what is on them. */
export const ballotPanel = (view: BallotView, voice: ContestVoice): Panel => {
  const { contest, entries, page, pages, isChanged, ranks: onRanks } = view;
  const { panels, numbered } = voice.phrases;
  const { ballot: said, buttons } = panels;
  const isEmpty = onRanks.every((number) => number === null);
  const summary = ranks.map((rank) => {
    const number = onRanks[rank - 1] ?? null;
    return said.rank(rank, number === null ? null : numbered(number));
  });
  const turn = (label: string, to: number): readonly PanelControl[] =>
    to >= 0 && to < pages ? [button(label, { kind: 'ballot', contest, page: to }, {})] : [];
  return panelOf(
    said.title,
    view.all.length === 0
      ? [said.noFilms]
      : [
          ...(isChanged ? [said.changed] : []),
          isEmpty ? said.empty : summary.join('\n'),
          said.how,
          ...(pages > 1 ? [said.page(page + 1, pages)] : []),
          ...(isTooMany(view) ? [said.menusNear] : []),
        ],
    {
      pictures: entries.flatMap((entry) =>
        entryPicture(entry, { caption: said.caption(numbered(entry.number), entry), voice }),
      ),
      controls: [
        ...ranks.map((rank) => rankMenu(view, rank, voice)),
        entries.map(({ id, number }) =>
          button(buttons.watch(numbered(number)), { kind: 'show', contest, entry: id }, {}),
        ),
        [
          ...turn(buttons.back, page - 1),
          ...turn(buttons.next, page + 1),
          button(buttons.status, { kind: 'status', contest }, { emoji: '📋' }),
        ],
      ],
    },
  );
};
