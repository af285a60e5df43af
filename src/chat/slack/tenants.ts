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
 * The clients of one tenant, apart since the library pauses a whole client after one refusal for too many requests, and
 * sends a request again whose answer was lost, whatever it did.
 */
export type TenantClients = {
  readonly installation: Installation;
  /** For what may happen twice: lookups, answers to one person. Tried again twice. */
  readonly answers: WebClient;
  /**
   * For what must not happen twice: messages and uploads. Never tried again, 10 s at most; a refusal for too many
   * requests is thrown and pauses nothing (`rejectRateLimitedCalls`).
   */
  readonly once: WebClient;
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
