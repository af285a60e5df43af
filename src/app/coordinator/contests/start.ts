import type { z } from 'zod';
import { cleanName, cleanText } from '../../../domain/contest/clean-text.ts';
import type { Contest, ContestId } from '../../../domain/contest/contest.ts';
import { occasions } from '../../../domain/contest/occasions.ts';
import {
  type ContestRules,
  contestFields,
  contestSchema,
  mostThemeLetters,
} from '../../../domain/contest/rules.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import { kindNames } from '../../../domain/kinds.ts';
import { expectationOf, parseOptions } from '../../../domain/request.ts';
import type { ContestActor, ContestPlace } from '../../contests.ts';
import { readZone } from '../../moments/read-zone.ts';
import type { Coordinator } from '../coordinator.ts';
import { requestOf } from '../new-row.ts';
import { openContestIn, requireRight } from './contest-of.ts';
import { readTimes } from './contest-times.ts';
import { advance, follow } from './phases.ts';

type Starter = ContestActor & ContestPlace & { readonly event?: string };
type Options = z.output<typeof contestSchema>;

/** The zone that is named, else that of the last contest there, of whoever asks, of this machine. */
const zoneOf = async (
  { deps }: Coordinator,
  { timezone }: Options,
  { actor, zone }: Starter,
): Promise<string> => {
  if (timezone?.trim()) return readZone(timezone, { field: 'timezone' });
  const { platform, server } = actor;
  const [last] = await deps.store.contests.ofServer(platform, server, { limit: 1 });
  if (last) return last.zone;
  try {
    return zone === undefined ? deps.zone : readZone(zone, { field: 'timezone' });
  } catch {
    return deps.zone;
  }
};

/** @throws GramzoomError `contest-role` */
const roleCalled = async (text: string | undefined, { findRole }: Starter): Promise<ContestRules['role']> => {
  if (!text?.trim()) return null;
  if (!findRole) throw new GramzoomError('contest-role', { received: null });
  const role = await findRole(text.trim());
  if (!role) throw new GramzoomError('contest-role', { received: text });
  return { id: role.id, name: cleanName(role.name, { otherwise: role.id }) };
};

/** @throws GramzoomError `request-field` where there is none */
const themeOf = ({ theme, preset }: Options): string => {
  const cleaned = cleanText(theme ?? '', { mostLetters: mostThemeLetters });
  if (cleaned !== '') return cleaned;
  if (preset && theme === undefined) return occasions[preset].theme;
  const expected = { kind: 'text', max: mostThemeLetters } as const;
  throw new GramzoomError('request-field', { field: 'theme', expected, received: theme ?? '' });
};

/**
 * What all films must have: something that there can be films with.
 * @throws GramzoomError `request-field`, `too-much-work`, `network-unknown`
 */
const fixedOf = async (
  { deps }: Coordinator,
  { size, frames, network }: Options,
): Promise<ContestRules['fixed']> => {
  const fixed = {
    ...(size !== undefined && { size }),
    ...(frames !== undefined && { frames }),
    ...(network !== undefined && { network }),
  };
  const errors: unknown[] = [];
  for (const kind of kindNames) {
    try {
      requestOf(deps, { ...fixed, kind });
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === kindNames.length) throw errors[0];
  const known = (await deps.networks.list()).map(({ name }) => name);
  if (network !== undefined && !known.includes(network)) {
    throw new GramzoomError('network-unknown', { name: network, known });
  }
  return { size: size ?? null, frames: frames ?? null, network: network ?? null };
};

const rulesOf = async (coordinator: Coordinator, options: Options, by: Starter): Promise<ContestRules> => ({
  theme: themeOf(options),
  entriesPerPerson: options.entries,
  needsApproval: options.approval === 'on',
  isAnonymous: options.anonymous === 'on',
  role: await roleCalled(options.role, by),
  memberDays: options.memberDays,
  accountDays: options.accountDays,
  takesGuests: options.guests === 'on',
  prize: await roleCalled(options.prize, by),
  fixed: await fixedOf(coordinator, options),
});

/** See `Contests.requireStart`. */
export const requireStart = async (coordinator: Coordinator, by: ContestActor): Promise<void> => {
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  await requireRight(coordinator, 'start', { contest: null, by });
  const running = await openContestIn(coordinator, by.actor);
  if (running) throw new GramzoomError('contest-running', { theme: running.rules.theme });
};

/** See `Contests.start`. */
export const startContest = async (
  coordinator: Coordinator,
  given: unknown,
  by: Starter,
): Promise<Contest> => {
  const { deps } = coordinator;
  if (coordinator.isStopping) throw new GramzoomError('stopping', {});
  // What was asked for may be over by now.
  const { event = null, actor } = by;
  const before = event === null ? undefined : await deps.store.contests.ofEvent(actor.platform, event);
  if (before) return await advance(coordinator, before);
  await requireRight(coordinator, 'start', { contest: null, by });
  const options = parseOptions(contestSchema, given, (field) => expectationOf(contestFields, field));
  // One whose time is over is none that runs.
  await openContestIn(coordinator, by.actor);
  const zone = await zoneOf(coordinator, options, by);
  const rules = await rulesOf(coordinator, options, by);
  const times = readTimes(options, { zone, now: deps.clock.wallTime() });
  const inserted = await deps.store.contests.insert({
    id: deps.newId() as string as ContestId,
    origin: by.actor,
    hostName: cleanName(by.person.name, { otherwise: by.actor.user }),
    home: by.replyTarget,
    ...{ rules, zone, ...times },
    event,
  });
  const { contest } = inserted;
  switch (inserted.kind) {
    case 'another':
      throw new GramzoomError('contest-running', { theme: contest.rules.theme });
    case 'inserted':
      deps.log.info('contest: started', { contest: contest.id, platform: by.actor.platform });
      await follow(coordinator, contest);
      return await advance(coordinator, contest);
    case 'known':
      return await advance(coordinator, contest);
    default:
      return inserted satisfies never;
  }
};
