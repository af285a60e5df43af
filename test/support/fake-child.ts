/** A renderer's process without an engine: what it does is written in the photo. */
import { systemClock } from '../../src/ops/system-clock.ts';
import { serveRenders } from '../../src/render/serve-renders.ts';
import { fakeProbe, fakeRun } from './fake-run.ts';

serveRenders({ render: fakeRun, probe: fakeProbe }, systemClock, { heartbeatMs: 5 });
