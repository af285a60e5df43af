import type { Platform } from '../domain/job.ts';

/** Where a bot is installed, and with what secrets. */
export type InstallationRecord = {
  /** Who installed it, as the platform names them: the key. */
  readonly tenant: string;
  /** The secrets, encrypted by whoever stores them. */
  readonly sealed: string;
};

/** The tenants that have installed the bot. Each method is one transaction, durable once it returns. */
export interface Installations {
  /** Replaces what was there. */
  save(platform: Platform, record: InstallationRecord): Promise<void>;
  get(platform: Platform, tenant: string): Promise<InstallationRecord | undefined>;
  all(platform: Platform): Promise<readonly InstallationRecord[]>;
  /** Harmless where there is none. */
  remove(platform: Platform, tenant: string): Promise<void>;
}
