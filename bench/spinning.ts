import { stepGraph } from '../src/engine/backends/onnx-graph.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { openSession } from './session.ts';
import { interleave, ratioOf, timed } from './statistics.ts';
import { ratioText, row, timingText } from './table.ts';

const side = 256;

/** What it costs that the engine's waiting threads sleep instead of spinning (allow_spinning off). */
export const spinning: Bench = async ({ quick, threads, print }) => {
  const model = stepGraph(await openNetwork('pocket'), styleObjective, { width: side, height: side });
  const [off, on] = await Promise.all(
    [false, true].map((isSpinning) => openSession(model, { threads, spinning: isSpinning })),
  );
  try {
    const timings = await interleave([timed('off', off!.run), timed('on', on!.run)], roundsFor({ quick }));
    for (const timing of timings) {
      print(row(`step at ${side} px, ${timing.name}`, timingText(timing)));
    }
    print(row('off / on', ratioText(ratioOf(timings[0]!, timings[1]!))));
  } finally {
    await off!.close();
    await on!.close();
  }
};
