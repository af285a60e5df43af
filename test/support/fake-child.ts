/** A renderer's process without an engine: what it does is written in the photo. */
import { systemClock } from '../../src/ops/system-clock.ts';
import { serveJobs } from '../../src/render/serve-jobs.ts';
import { fakeInspection, fakeProbe, fakeRun } from './fake-run.ts';

serveJobs({ start: fakeRun, probe: fakeProbe, inspect: fakeInspection }, systemClock, { heartbeatMs: 5 });
