import type { REST } from 'discord.js';
import type { Renders } from '../../app/renders.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { AllowedHosts } from '../shared/allowed-hosts.ts';
import type { Locales } from '../shared/locales.ts';
import type { Answers } from './answers.ts';
import type { Restrictions } from './restrictions.ts';
import type { Servers } from './servers.ts';

/** What every way in needs. */
export type HandlerDeps = {
  readonly renders: () => Renders;
  readonly rest: REST;
  readonly blobs: Blobs;
  readonly servers: Servers;
  readonly restrictions: Restrictions;
  readonly answers: Answers;
  readonly locales: Locales;
  /** Where pictures may come from. */
  readonly hosts: AllowedHosts;
  /** The bot's own user; null before it is in. */
  readonly self: () => string | null;
  readonly clock: Clock;
  readonly log: AppLog;
};
