/** What one person sees of a contest and can do there. */
import { isLive } from '../domain/contest/contest.ts';
import type { ContestView } from '../domain/contest/view.ts';
import { ballotPanel } from './contest-ballot-panel.ts';
import { asking, button, entryPicture, panelOf, rowsOf } from './contest-controls.ts';
import { type ContestLanguage, type ContestVoice, voiceOf } from './contest-facts.ts';
import { dateText, momentText, scoreText } from './contest-names.ts';
import { reviewPanel } from './contest-review-panel.ts';
import { statusPanel } from './contest-status-panel.ts';
import type { Notation } from './names.ts';
import type { Panel } from './panel.ts';

type ViewOf<Kind extends ContestView['kind']> = Extract<ContestView, { readonly kind: Kind }>;

/** What all films of the contest must have, as options of a render. */
const fixedOptions = ({ rules }: ViewOf<'choose'>['facts']): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    Object.entries(rules.fixed).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );

const choosePanel = ({ contest, facts, films, left }: ViewOf<'choose'>, voice: ContestVoice): Panel => {
  const { panels, numbered } = voice.phrases;
  const said = panels.choose;
  const most = facts.rules.entriesPerPerson;
  const isFull = left === 0 && most > 1;
  const captions = films.map(
    ({ name, seed, number }, index) =>
      `${index + 1}. ${said.film(name, { seed, entered: number === null ? null : numbered(number) })}`,
  );
  const options = films.map(({ render, number }, index) => ({
    label: captions[index]!,
    step: { kind: 'enter', contest, render } as const,
    isChosen: number !== null,
  }));
  const room = left === 0 ? said.replaces : said.left(left);
  return panelOf(
    said.title,
    [
      isFull ? said.full(most) : films.length > 0 ? said.how : said.noFilms,
      ...(isFull || most - left === 0 ? [] : [room]),
    ],
    {
      pictures: films.flatMap(({ picture }, index) =>
        picture ? [{ attachment: picture, alt: captions[index]!, caption: captions[index]! }] : [],
      ),
      controls: [
        ...(isFull ? [] : rowsOf(said.menu, options)),
        [
          ...(isFull
            ? []
            : [{ kind: 'photo', label: panels.buttons.photo, options: fixedOptions(facts) } as const]),
          button(panels.buttons.status, { kind: 'status', contest }, { emoji: '📋' }),
        ],
      ],
    },
  );
};

const enteredPanel = ({ contest, facts, entry, isNew }: ViewOf<'entered'>, voice: ContestVoice): Panel => {
  const { phrases } = voice;
  const { panels, posts, numbered, quoted } = phrases;
  const film = { number: numbered(entry.number), theme: quoted(facts.rules.theme) };
  const until = momentText(facts.enterUntil, facts.zone, voice);
  const isIn = isLive(entry);
  const withdraw = button(
    panels.buttons.withdraw(film.number),
    { kind: 'withdraw', contest, entry: entry.id },
    { look: 'danger' },
  );
  return panelOf(
    facts.rules.theme,
    [
      // What was asked for with the contest is entered before its row is looked at: it is not said to be in already.
      ...(isNew || !isIn || entry.state === 'rendering' ? [] : [panels.entered.already]),
      posts.entry[entry.state](film),
      ...(isIn && facts.phase === 'entering' ? [phrases.changeUntil(until)] : []),
    ],
    {
      pictures: entryPicture(entry, { caption: film.number, voice }),
      controls: [
        [
          button(panels.buttons.status, { kind: 'status', contest }, { emoji: '📋' }),
          ...(isIn ? [withdraw] : []),
        ],
      ],
    },
  );
};

const showPanel = ({ contest, facts, entry, canReport }: ViewOf<'show'>, voice: ContestVoice): Panel => {
  const { panels, numbered } = voice.phrases;
  const { buttons } = panels;
  const of = { contest, entry: entry.id } as const;
  const canVote = facts.phase === 'voting' && !entry.isOwn && entry.state === 'in';
  const ranks = canVote
    ? ([1, 2, 3] as const).map((rank) =>
        button(
          buttons.rank(rank),
          { kind: 'rank', ...of, rank, page: 0 },
          { look: rank === entry.rank ? 'primary' : 'secondary' },
        ),
      )
    : [];
  const number = numbered(entry.number);
  const who = entry.by ? panels.review.by(number, entry.by.name) : number;
  return panelOf(
    who,
    [
      ...(entry.picture ? [] : [panels.show.gone]),
      ...(entry.isOwn && facts.phase === 'voting' ? [panels.show.own] : []),
      ...(entry.rank ? [panels.ballot.rank(entry.rank, number)] : []),
    ],
    {
      pictures: entryPicture(entry, { caption: number, voice }),
      controls: [
        [
          ...ranks,
          ...(canVote && entry.rank
            ? [button(buttons.unrank, { kind: 'rank', ...of, rank: 0, page: 0 }, {})]
            : []),
        ],
        [
          ...(facts.phase === 'voting'
            ? [button(buttons.ballot, { kind: 'ballot', contest, page: 0 }, { emoji: '🗳️' })]
            : [button(buttons.status, { kind: 'status', contest }, { emoji: '📋' })]),
          ...(canReport ? [asking(buttons.report, { kind: 'report', ...of }, { voice })] : []),
        ],
      ],
    },
  );
};

const hallPanel = ({ contests }: ViewOf<'hall'>, voice: ContestVoice): Panel => {
  const said = voice.phrases.panels.hall;
  const lines = contests.map(({ theme, finishedAt, zone, winners }) =>
    [
      said.contest(theme, dateText(finishedAt, zone, voice)),
      ...(winners.length > 0
        ? winners.map((score) => said.winner(score.place, scoreText(score, voice), score.points))
        : [said.noWinner]),
    ].join('\n'),
  );
  return panelOf(said.title, lines.length > 0 ? lines : [said.none], {
    pictures: contests.flatMap(({ picture, theme }) =>
      picture ? [{ attachment: picture, alt: theme, caption: theme }] : [],
    ),
  });
};

/** @param notation how the place shows moments, people, options and commands */
export const contestPanel = (
  view: ContestView,
  language: ContestLanguage,
  notation: Notation = {},
): Panel => {
  const voice = voiceOf(language, notation);
  const { panels, numbered } = language.phrases;
  switch (view.kind) {
    case 'status':
      return statusPanel(view, voice);
    case 'choose':
      return choosePanel(view, voice);
    case 'entered':
      return enteredPanel(view, voice);
    case 'ballot':
      return ballotPanel(view, voice);
    case 'show':
      return showPanel(view, voice);
    case 'reported':
      return panelOf(panels.reported.title, [panels.reported.thanks(numbered(view.number))], {
        controls: [[button(panels.buttons.status, { kind: 'status', contest: view.contest }, {})]],
      });
    case 'review':
      return reviewPanel(view, voice);
    case 'hall':
      return hallPanel(view, voice);
    case 'export':
      return panelOf(panels.export.title, [panels.export.how], {});
    default:
      return view satisfies never;
  }
};
