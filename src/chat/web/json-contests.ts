import { type Context, Hono } from 'hono';
import type { ContestActor } from '../../app/contests.ts';
import type { Renders } from '../../app/renders.ts';
import type { Contest, ContestId } from '../../domain/contest/contest.ts';
import { mostRanks } from '../../domain/contest/contest.ts';
import type { EntryView } from '../../domain/contest/view.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import type { MessageAttachment } from '../../domain/message.ts';
import { viewOf, wholeBallot } from './contest-data.ts';
import { contestActor } from './contest-person.ts';
import type { BallotData } from './html/contest-ballot.ts';
import { originOf } from './identity.ts';
import { type Form, limitBody, maxTextBytes, readTexts } from './read-form.ts';
import type { ShownAddress } from './shown-files.ts';

type Times = Pick<Contest, 'zone' | 'enterFrom' | 'enterUntil' | 'voteUntil'>;

/** Milliseconds since 1970 as ISO 8601 texts. */
const timesOf = ({ zone, enterFrom, enterUntil, voteUntil }: Times) => {
  const iso = ({ at }: Times['enterFrom']): string => new Date(at).toISOString();
  return { zone, enterFrom: iso(enterFrom), enterUntil: iso(enterUntil), voteUntil: iso(voteUntil) };
};

const requireNumber = (fields: Form['fields'], field: string, most: number): number => {
  const number = Number(fields.get(field) || Number.NaN);
  if (Number.isInteger(number) && number >= 0 && number <= most) return number;
  throw new GramzoomError('body-invalid', { problem: `${field} needs a number from 0 to ${most}` });
};

/** Contests, for programs: docs/interface.md. */
export const createJsonContests = ({
  renders,
  addressOf,
}: {
  readonly renders: () => Renders;
  readonly addressOf: ShownAddress;
}): Hono => {
  const api = new Hono();
  const contests = () => renders().contests;
  const idOf = (c: Context): ContestId => (c.req.param('id') ?? '') as ContestId;
  const asker = (c: Context, fields: Form['fields'] = new Map()): ContestActor =>
    contestActor(originOf(c, fields));

  const film = (picture: MessageAttachment | null): string | null =>
    picture && addressOf(picture.blob, picture.format);
  const entryBody = ({ number, state, reason, by, isOwn, rank, picture }: EntryView) => ({
    ...{ number, state, reason, isOwn, rank },
    by: by?.name ?? null,
    film: film(picture),
  });
  const ballotBody = ({ entries, ranks }: BallotData) => ({ ranks, entries: entries.map(entryBody) });

  const statusBody = async (id: ContestId, by: ContestActor) => {
    const { facts, entries, ballot } = viewOf(await contests().view(id, by), 'status');
    const { rules, phase, voters } = facts;
    return {
      ...{ id, theme: rules.theme, phase, ...timesOf(facts), entries: facts.entries, voters },
      ...{ mine: entries.map(entryBody), ballot },
    };
  };

  api.get('/', async (c) => {
    const all = await contests().inServer(asker(c));
    return c.json(
      all.map((contest) => ({
        ...{ id: contest.id, theme: contest.rules.theme, phase: contest.phase, ...timesOf(contest) },
      })),
    );
  });

  api.get('/:id', async (c) => c.json(await statusBody(idOf(c), asker(c))));

  api.post('/:id/entries', limitBody(maxTextBytes), async (c) => {
    const fields = await readTexts(c.req.raw);
    const render = (fields.get('render') ?? '') as JobId;
    const step = { kind: 'enter', contest: idOf(c), render } as const;
    const { entry } = viewOf(await contests().take(step, asker(c, fields)), 'entered');
    return c.json(entryBody(entry));
  });

  api.get('/:id/ballot', async (c) => c.json(ballotBody(await wholeBallot(contests(), idOf(c), asker(c)))));

  api.post('/:id/ballot', limitBody(maxTextBytes), async (c) => {
    const fields = await readTexts(c.req.raw);
    const [contest, by] = [idOf(c), asker(c, fields)];
    const number = requireNumber(fields, 'entry', Number.MAX_SAFE_INTEGER);
    const rank = requireNumber(fields, 'rank', mostRanks) as 0 | 1 | 2 | 3;
    const { entries } = await wholeBallot(contests(), contest, by);
    const entry = entries.find((each) => each.number === number);
    if (!entry) throw new GramzoomError('contest-not-in', {});
    await contests().take({ kind: 'rank', contest, entry: entry.id, rank, page: 0 }, by);
    return c.json(ballotBody(await wholeBallot(contests(), contest, by)));
  });

  api.get('/:id/results', async (c) => {
    const id = idOf(c);
    const { facts, table, poster, reel } = await contests().results(id, asker(c));
    return c.json({
      ...{ id, theme: facts.rules.theme, voters: facts.voters },
      table: table.map(({ place, number, points, ranks, by, picture }) => ({
        ...{ place, number, points, ranks, by: by?.name ?? null, film: film(picture) },
      })),
      poster: film(poster),
      reel: film(reel),
    });
  });

  return api;
};
