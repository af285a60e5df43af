/** The renderer's process: started by ChildRenderer, never by hand. Like main and cli it only puts parts together. */
import { systemClock } from '../ops/system-clock.ts';
import { createRunProbe } from './probe.ts';
import { createRunRender, defaultParts } from './run-render.ts';
import { serveJobs } from './serve-jobs.ts';

const parts = defaultParts(systemClock);
serveJobs({ start: createRunRender(parts), probe: createRunProbe(parts) }, systemClock);
