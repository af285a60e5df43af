import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSealedInstallations } from '../../../src/chat/slack/sealed-installations.ts';
import type { Installation } from '../../../src/chat/slack/tenants.ts';
import { toFailure, toGramzoomError } from '../../../src/domain/errors.ts';
import { en } from '../../../src/messages/en.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const key = randomBytes(32);

const installationOf = (tenant: string): Installation => ({
  tenant,
  name: `The ${tenant}`,
  botToken: `xoxb-1-token-of-${tenant}`,
  botUserId: 'U1',
  botId: 'B1',
  scopes: ['chat:write'],
});

const opened = async () => {
  const { store, close } = await openStore(await createTempFolder(), { clock: createFakeClock() });
  onTestFinished(close);
  const lines: object[] = [];
  const sealedWith = (bytes: Uint8Array) =>
    createSealedInstallations(store.installations, {
      key: bytes,
      log: { error: (_line, fields = {}) => void lines.push(fields) },
    });
  const { installations } = store;
  const recordOf = async (tenant: string) => (await installations.get('slack', tenant))?.sealed ?? '';
  return { installations, recordOf, sealed: sealedWith(key), sealedWith, lines };
};

describe('stored installations', () => {
  it('are read as they were saved, and cannot be read without the key', async () => {
    const { installations, sealed } = await opened();
    await sealed.save(installationOf('T2'));
    await sealed.save(installationOf('T1'));
    expect(await sealed.get('T1')).toEqual(installationOf('T1'));
    expect(await sealed.get('T3')).toBeUndefined();
    expect(await sealed.all()).toEqual([installationOf('T1'), installationOf('T2')]);
    const stored = JSON.stringify(await installations.all('slack'));
    expect(stored).not.toContain('token-of');
    expect(Buffer.from(stored, 'base64').toString('latin1')).not.toContain('token-of');
    await sealed.remove('T1');
    expect(await sealed.get('T1')).toBeUndefined();
  });

  it('are never encrypted alike', async () => {
    const { sealed, recordOf } = await opened();
    await sealed.save(installationOf('T1'));
    const before = await recordOf('T1');
    await sealed.save(installationOf('T1'));
    expect(await recordOf('T1')).not.toBe(before);
  });

  it('are refused as a whole where the key is another one, by its name', async () => {
    const { sealed, sealedWith } = await opened();
    await sealedWith(randomBytes(32)).check();
    await sealed.save(installationOf('T1'));
    const other = sealedWith(randomBytes(32));
    const error = toGramzoomError(await other.check().catch((thrown: unknown) => thrown));
    expect(error.code).toBe('configuration');
    expect(en.operatorSentence(toFailure(error))).toMatch(
      /^The setting SLACK_ENCRYPTION_KEY takes the key with which .+\.$/,
    );
    await expect(other.get('T1')).rejects.toMatchObject({
      code: 'chat-unreachable',
      data: { reason: expect.stringContaining('SLACK_ENCRYPTION_KEY') },
    });
    expect(await sealed.get('T1')).toEqual(installationOf('T1'));
  });

  it.each([
    ['cut off', (sealed: string) => sealed.slice(0, 24)],
    ['empty', () => ''],
    ['of a later version', (sealed: string) => `/${sealed.slice(1)}`],
    ['changed in one place', (sealed: string) => `${sealed.slice(0, 60)}AAAA${sealed.slice(64)}`],
  ])('do not take others with them where they are %s', async (_what, damage) => {
    const { installations, sealed, lines, recordOf } = await opened();
    for (const tenant of ['T1', 'T2']) await sealed.save(installationOf(tenant));
    await installations.save('slack', { tenant: 'T1', sealed: damage(await recordOf('T1')) });
    await sealed.check();
    expect(lines).toEqual([{ tenants: ['T1'] }]);
    expect(await sealed.all()).toEqual([installationOf('T2')]);
    await expect(sealed.get('T1')).rejects.toMatchObject({ code: 'chat-unreachable' });
  });

  it("do not open as another workspace's", async () => {
    const { installations, sealed, recordOf } = await opened();
    await sealed.save(installationOf('T1'));
    await installations.save('slack', { tenant: 'T2', sealed: await recordOf('T1') });
    await expect(sealed.get('T2')).rejects.toMatchObject({ code: 'chat-unreachable' });
  });
});
