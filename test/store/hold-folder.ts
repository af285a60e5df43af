import { writeSync } from 'node:fs';
import { toGramzoomError } from '../../src/domain/errors.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';

/** Opens a folder, says so and holds it for life; says the code and fails where it cannot. */
const [, , folder = ''] = process.argv;
try {
  await openStore(folder, { clock: systemClock });
  writeSync(1, 'open\n');
  setInterval(() => {}, 60_000);
} catch (thrown) {
  writeSync(1, `${toGramzoomError(thrown).code}\n`);
  process.exitCode = 1;
}
