import type { CommandContext } from '../../../commands/command.ts';
import type { ContestActor } from '../../app/contests.ts';
import type { PersonFacts } from '../../domain/contest/contest.ts';
import type { Person } from './people.ts';
import { encodePlace, originOf, type SlackPlace } from './place.ts';

/** What Slack tells of somebody: neither since when they are there nor roles. */
const factsOf = ({ name, isOutsider }: Person, { user }: Pick<SlackPlace, 'user'>): PersonFacts => ({
  ...{ name: name ?? user, isOutsider },
  ...{ accountSince: null, memberSince: null, roles: [] },
});

/** Somebody who does something in a contest, and where they are answered. */
export const contestActor = (person: Person, place: SlackPlace): ContestActor => ({
  ...{ actor: originOf(place), isModerator: person.isAdmin, person: factsOf(person, place) },
  replyTarget: encodePlace(place),
});

/** The same for a command, with the zone that its times are meant in where they name none. */
export const contestContext = (
  person: Person,
  place: SlackPlace,
): Pick<CommandContext, 'isModerator' | 'person' | 'contestPlace'> => ({
  ...{ isModerator: person.isAdmin, person: factsOf(person, place) },
  contestPlace: person.zone === null ? {} : { zone: person.zone },
});
