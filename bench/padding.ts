import { stepGraph } from '../src/engine/backends/onnx-graph.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { openSession } from './session.ts';
import { interleave, ratioOf, timed } from './statistics.ts';
import { ratioText, row, timingText } from './table.ts';

const side = 256;
const paddings = ['zero', 'wrap', 'reflect'] as const;

/** What borders without artefacts cost, forward and backward. */
export const padding: Bench = async ({ quick, threads, print }) => {
  const network = await openNetwork('pocket');
  const sessions = await Promise.all(
    paddings.map((each) =>
      openSession(stepGraph(network, { ...styleObjective, padding: each }, { width: side, height: side }), {
        threads,
      }),
    ),
  );
  try {
    const variants = paddings.map((each, index) => timed(each, sessions[index]!.run));
    const [zero, ...others] = await interleave(variants, roundsFor({ quick }));
    for (const timing of [zero!, ...others]) {
      print(row(`step at ${side} px, ${timing.name}`, timingText(timing)));
    }
    for (const timing of others) print(row(`${timing.name} / zero`, ratioText(ratioOf(timing, zero!))));
  } finally {
    for (const session of sessions) await session.close();
  }
};
