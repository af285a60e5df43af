import type { WebClient } from '@slack/web-api';

/** An installation of the bot: an organisation's, for all its workspaces, or a workspace's. */
export type Installation = {
  /** The organisation's id (`E…`) or the workspace's (`T…`). */
  readonly tenant: string;
  readonly name: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string;
  /** What it was allowed. */
  readonly scopes: readonly string[];
};

/** Where an event says that it belongs. */
export type TenantHint = {
  readonly teamId: string | undefined;
  readonly enterpriseId: string | undefined;
  readonly isEnterpriseInstall: boolean;
};

/**
 * The clients of one tenant, apart since one refusal for too many requests pauses a whole client: what is said for good
 * and asked by people is not paused by pictures on the way.
 */
export type TenantClients = {
  readonly installation: Installation;
  /** Answers, last words, lookups: tried again twice. */
  readonly answers: WebClient;
  /** Pictures and states on the way: never tried again, 10 s at most. */
  readonly progress: WebClient;
  /** Uploads, and files.info about them. */
  readonly uploads: WebClient;
};

/** Who has installed the bot. */
export interface Tenants {
  /** @throws GramzoomError `chat-gone` where it is installed no more, `chat-unreachable` */
  clients(tenant: string): Promise<TenantClients>;
  /** Which installation an event belongs to. @throws GramzoomError `chat-gone` */
  find(hint: TenantHint): Promise<Installation>;
  all(): Promise<readonly Installation[]>;
  save(installation: Installation): Promise<void>;
  /** Forgets it, with its clients. Harmless where it is not known. */
  remove(tenant: string): Promise<void>;
}
