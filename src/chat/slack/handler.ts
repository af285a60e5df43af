import type { Delivery } from './delivery.ts';
import type { Installation, TenantHint } from './tenants.ts';

/** One request of Slack's, for whoever deals with it. */
export type Incoming<Body> = {
  readonly body: Body;
  /** Whose bot it came to. */
  readonly installation: Installation;
  /** The workspace: the server of rules and limits. */
  readonly team: string;
  readonly delivery: Delivery;
};

/** What it throws is logged; unless this process is stopping, the request then counts as dealt with. */
export type Handler<Body> = (incoming: Incoming<Body>) => Promise<void>;

/** News of an installation that is there no more: there is nothing left to speak with. */
export type Departure<Body> = { readonly body: Body; readonly hint: TenantHint };
export type DepartureHandler<Body> = (departure: Departure<Body>) => Promise<void>;
