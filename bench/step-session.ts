/** What it costs to begin with a size as a film does: after a coarser one, in a process of its own. */
import { z } from 'zod';
import { precisions } from '../src/domain/engines.ts';
import { askChild } from './child-answer.ts';

export const sessionOrderSchema = z.object({
  side: z.int(),
  precision: z.enum(precisions),
  threads: z.int(),
});
export type SessionOrder = Readonly<z.output<typeof sessionOrderSchema>>;

const sessionCostSchema = z.object({
  /** Measuring the photo and the first step at a film's coarsest size, where nothing is known of gradients. */
  coarsestMs: z.number(),
  /** Measuring the photo at the size asked for, with an engine that has not measured anything. */
  measureMs: z.number(),
  /** The first step at that size, for which the session is built. */
  firstStepMs: z.number(),
  /** Of the whole process, with some steps more. */
  peakBytes: z.number(),
});
export type SessionCost = Readonly<z.output<typeof sessionCostSchema>>;

const costOnce = async (order: SessionOrder): Promise<SessionCost> =>
  sessionCostSchema.parse(await askChild(new URL('step-child.ts', import.meta.url), order));

const startMs = ({ measureMs, firstStepMs }: SessionCost): number => measureMs + firstStepMs;

/**
 * What several orders cost, in turns: of each the quickest start, since a busy machine only makes it longer, and the
 * highest peak.
 */
export const sessionCosts = async (
  orders: readonly SessionOrder[],
  { rounds }: { readonly rounds: number },
): Promise<readonly SessionCost[]> => {
  const costs = orders.map((): SessionCost[] => []);
  for (let round = 0; round < rounds; round++) {
    const turns = [...orders.keys()];
    if (round % 2 === 1) turns.reverse();
    for (const index of turns) costs[index]!.push(await costOnce(orders[index]!));
  }
  return costs.map((ofOrder) => ({
    ...ofOrder.reduce((a, b) => (startMs(b) < startMs(a) ? b : a)),
    peakBytes: Math.max(...ofOrder.map(({ peakBytes }) => peakBytes)),
  }));
};
