/** The phases of a contest. */

export const contestPhases = ['draft', 'entering', 'voting', 'closed', 'cancelled'] as const;
export type ContestPhase = (typeof contestPhases)[number];

/**
 * Every legal move. `entering -> closed`: nobody entered. `closed -> voting`: the host gives more time to a contest
 * that ended without a winner.
 */
export const legalPhaseMoves = {
  draft: ['entering', 'cancelled'],
  entering: ['voting', 'closed', 'cancelled'],
  voting: ['closed', 'cancelled'],
  closed: ['voting'],
  cancelled: [],
} as const satisfies Record<ContestPhase, readonly ContestPhase[]>;

export const isLegalPhaseMove = (from: ContestPhase, to: ContestPhase): boolean =>
  (legalPhaseMoves[from] as readonly ContestPhase[]).includes(to);

/** A server has at most one contest in these. */
export const openPhases = ['draft', 'entering', 'voting'] as const satisfies readonly ContestPhase[];

export const isOpen = (phase: ContestPhase): boolean =>
  (openPhases as readonly ContestPhase[]).includes(phase);

/** Whether people take part in it now. */
export const isRunning = (phase: ContestPhase | undefined): phase is 'entering' | 'voting' =>
  phase === 'entering' || phase === 'voting';
