import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { InstallationRecord, Installations } from '../../ports/installations.ts';
import type { AppLog } from '../../ports/log.ts';
import type { Installation, StoredInstallations } from './tenants.ts';

const platform = 'slack';
const algorithm = 'aes-256-gcm';
/** Of the layout: version, nonce, tag, what is encrypted. */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const tagStart = 1 + nonceBytes;
const textStart = tagStart + tagBytes;

const schema = z.strictObject({
  tenant: z.string(),
  name: z.string(),
  botToken: z.string(),
  botUserId: z.string(),
  botId: z.string(),
  scopes: z.array(z.string()),
});

/** A record of one tenant does not open as another's. */
const boundTo = (tenant: string): Buffer => Buffer.from(`${platform} installation ${tenant}`);

const seal = (key: Uint8Array, installation: Installation): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(installation.tenant));
  const text = Buffer.concat([cipher.update(JSON.stringify(installation), 'utf8'), cipher.final()]);
  return Buffer.concat([Uint8Array.of(version), nonce, cipher.getAuthTag(), text]).toString('base64');
};

/** @throws where it was encrypted with another key, or is not what was stored */
const open = (key: Uint8Array, { tenant, sealed }: InstallationRecord): Installation => {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes[0] !== version) throw new Error(`an installation of version ${bytes[0]}`);
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(1, tagStart), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(boundTo(tenant)).setAuthTag(bytes.subarray(tagStart, textStart));
  const text = Buffer.concat([decipher.update(bytes.subarray(textStart)), decipher.final()]);
  return schema.parse(JSON.parse(text.toString('utf8')));
};

/** Installations as they are stored: encrypted, since a token is all that it takes to speak as the bot. */
export interface SealedInstallations extends StoredInstallations {
  /** @throws GramzoomError `configuration` where there are some and the key opens none of them */
  check(): Promise<void>;
}

/** @param options.key 32 bytes, for AES-256-GCM */
export const createSealedInstallations = (
  installations: Installations,
  { key, log }: { readonly key: Uint8Array; readonly log: Pick<AppLog, 'error'> },
): SealedInstallations => {
  const openAll = (records: readonly InstallationRecord[]) => {
    const opened: Installation[] = [];
    const closed: string[] = [];
    for (const record of records) {
      try {
        opened.push(open(key, record));
      } catch {
        closed.push(record.tenant);
      }
    }
    return { opened, closed };
  };

  return {
    check: async () => {
      const { opened, closed } = openAll(await installations.all(platform));
      if (closed.length === 0) return;
      if (opened.length === 0) {
        const expected = `the key with which the stored installations (${closed.length}) were encrypted; without it each workspace has to install the app again, in a new DATA_DIR`;
        throw new GramzoomError('configuration', { key: 'SLACK_ENCRYPTION_KEY', expected, received: null });
      }
      log.error('slack: SLACK_ENCRYPTION_KEY does not open some installations: these have to install again', {
        tenants: closed,
      });
    },
    save: (installation) =>
      installations.save(platform, { tenant: installation.tenant, sealed: seal(key, installation) }),
    get: async (tenant) => {
      const record = await installations.get(platform, tenant);
      if (!record) return undefined;
      try {
        return open(key, record);
      } catch (cause) {
        const reason = 'SLACK_ENCRYPTION_KEY does not open what is stored of this workspace';
        throw new GramzoomError('chat-unreachable', { platform: 'Slack', reason }, { cause });
      }
    },
    all: async () => openAll(await installations.all(platform)).opened,
    remove: (tenant) => installations.remove(platform, tenant),
  };
};
