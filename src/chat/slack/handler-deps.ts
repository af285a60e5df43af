import type { Renders } from '../../app/renders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { Answers } from './answers.ts';
import type { Panels } from './panels.ts';
import type { People } from './people.ts';
import type { SendPage } from './send-page.ts';
import type { Tenants } from './tenants.ts';

/** What every way in needs. */
export type HandlerDeps = {
  readonly renders: Renders;
  readonly tenants: Tenants;
  readonly people: People;
  readonly answers: Answers;
  readonly panels: Panels;
  readonly sendPage: SendPage;
  readonly maxPhotoBytes: number;
  readonly clock: Clock;
  readonly log: AppLog;
  /** Once it aborts this process stops: what waits gives up, and the next process deals with it. */
  readonly signal: AbortSignal;
};
