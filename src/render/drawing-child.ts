/** The process that draws posters: started by PosterDrawer, never by hand. */
import { drawPosterPicture } from '../image/poster.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { RunDrawing } from './protocol.ts';
import { serveJobs } from './serve-jobs.ts';

const draw: RunDrawing = async function* ({ poster }, { signal }) {
  const file = await drawPosterPicture(poster);
  signal.throwIfAborted();
  yield { kind: 'drawn', file };
};

serveJobs({ draw }, systemClock);
