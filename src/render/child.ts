/** The renderer's process: started by ChildRenderer, never by hand. Like main and cli it only puts parts together. */
import { systemClock } from '../ops/system-clock.ts';
import { createRunProbe } from './probe.ts';
import { createRunRender, defaultParts } from './run-render.ts';
import { serveRenders } from './serve-renders.ts';

const parts = defaultParts(systemClock);
serveRenders({ render: createRunRender(parts), probe: createRunProbe(parts) }, systemClock);
