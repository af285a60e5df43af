import type { CommandContext } from '../../../commands/command.ts';
import type { ContestActor } from '../../app/contests.ts';
import { personUnknown } from '../../domain/contest/contest.ts';
import type { Origin } from '../../domain/job.ts';
import { replyIn } from './room-ref.ts';

/**
 * Somebody who does something in a contest. In a room everybody keeps order, and nothing is known of anybody but a
 * name.
 */
export const contestActor = (actor: Origin): ContestActor => ({
  actor,
  isModerator: true,
  person: personUnknown(actor.user),
  replyTarget: replyIn(actor.server),
});

/** The same for a command. @param zone IANA name of the zone that their browser is in; empty where it did not tell */
export const contestContext = (
  actor: Origin,
  zone: string,
): Pick<CommandContext, 'isModerator' | 'person' | 'contestPlace'> => ({
  isModerator: true,
  person: personUnknown(actor.user),
  contestPlace: zone === '' ? {} : { zone },
});
