import type { Contest, ContestId, PersonFacts } from '../domain/contest/contest.ts';
import type { ContestStep } from '../domain/contest/step.ts';
import type { ContestExport, ContestView } from '../domain/contest/view.ts';
import type { JobId, Origin, ReplyTarget } from '../domain/job.ts';

/** Who acts in a contest. Rules about who may take part are asked of `person`. */
export type ContestActor = {
  readonly actor: Origin;
  /** Whether they keep order there. */
  readonly isModerator?: boolean;
  readonly person: PersonFacts;
  /** Where they are told things, and where what they ask for is announced. */
  readonly replyTarget: ReplyTarget;
};

/** What a platform knows that the options of `/contest start` need. */
export type ContestPlace = {
  /** IANA name of the zone that is meant where none is named, as far as the platform knows one. */
  readonly zone?: string;
  /** The role that somebody means; null: none is called so. Left out where the platform has no roles. */
  readonly findRole?: (text: string) => Promise<{ readonly id: string; readonly name: string } | null>;
};

/** The use cases of contests. All of them throw GramzoomError; the codes are named where they are not obvious. */
export interface Contests {
  /**
   * @param options as `contestSchema` takes them
   * @throws `request-field`, `contest-running`, `contest-right`, `contest-moment`, `contest-role`
   */
  start(
    options: unknown,
    by: ContestActor & ContestPlace & { readonly event?: string },
  ): Promise<ContestView>;
  /**
   * Whether somebody may start one now, for whoever is about to ask them how.
   * @throws `contest-right`, `contest-running`
   */
  requireStart(by: ContestActor): Promise<void>;
  /** How the contest of a server stands. @throws `contest-none` */
  status(by: ContestActor): Promise<ContestView>;
  /** For moderators: the first that waits. @throws `contest-none`, `contest-right` */
  entries(by: ContestActor): Promise<ContestView>;
  /**
   * Ends the phase later. A contest that ended without a winner is voted on again.
   * @param options `until` as `readMoment` takes it
   */
  extend(
    options: { readonly until: string },
    by: ContestActor & ContestPlace & { readonly event?: string },
  ): Promise<ContestView>;
  /** Ends the phase now; the same event again ends no other one. */
  close(by: ContestActor & { readonly event?: string }): Promise<ContestView>;
  cancel(by: ContestActor): Promise<ContestView>;
  hall(by: ContestActor): Promise<ContestView>;
  /** Of the contest that ended last, also while the next one runs. @throws `contest-none`, `contest-phase` before the end */
  export(by: ContestActor): Promise<ContestView>;
  /**
   * Whether somebody may enter a render that they are about to ask for; the same event again has been checked before.
   * @throws those of entering: `contest-none`, `contest-phase`, `contest-not-eligible`, `contest-entries`, `contest-fixed`
   */
  admit(options: unknown, by: ContestActor & { readonly event?: string }): Promise<void>;
  /** Enters a render of one's own, also one that is not finished. The second time changes nothing, in any phase. */
  enter(render: JobId, by: ContestActor): Promise<ContestView>;
  /** Takes a step. @param text what was typed with it: see `stepTexts` */
  take(step: ContestStep, by: ContestActor & { readonly text?: string }): Promise<ContestView>;
  /** Contests of a place for a page that shows them, newest first. */
  inServer(by: ContestActor): Promise<readonly Contest[]>;
  /** A closed or running contest, for a page that shows it. @throws `not-found` */
  view(contest: ContestId, by: ContestActor): Promise<ContestView>;
  /**
   * The whole ballot, on one page.
   * @throws `not-found`, `contest-phase`, `contest-not-eligible`
   */
  ballot(contest: ContestId, by: ContestActor): Promise<ContestView>;
  /** The results of a closed one. @throws `not-found`, `contest-phase` */
  results(contest: ContestId, by: ContestActor): Promise<ContestExport>;
}
