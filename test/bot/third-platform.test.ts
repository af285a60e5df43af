import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { BlobId } from '../../src/domain/job.ts';
import { toRgbImage } from '../../src/domain/picture.ts';
import { encodePng } from '../../src/image/png.ts';
import { startBot } from '../../src/main.ts';
import { createLog } from '../../src/ops/log.ts';
import { describeChat } from '../contract/chat.ts';
import { createMemoryPlatform } from '../support/memory-platform.ts';
import { createQuickRenderer } from '../support/quick-renderer.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { wavyPicture } from '../support/test-pictures.ts';

describeChat('a third platform as a chat', async () => {
  const { platform, messages, attach } = createMemoryPlatform();
  return {
    chat: platform.chat,
    target: { platform: 'memory', ref: 'lounge' },
    refuseNext: null,
    goneTarget: async () => ({ platform: 'memory', ref: '["lounge","of yesterday"]' }),
    attach: async (bytes) => attach(bytes),
    storeFile: async (bytes) => createHash('sha256').update(bytes).digest('hex') as BlobId,
    ...{ isPinned: null, people: null, roles: null },
    read: async ({ ref }) => messages.get(ref),
    close: async () => {},
  };
});

it('renders a film that a third platform asks for, answers it there, and hands on its requests over HTTP', async () => {
  const { platform, ask, said } = createMemoryPlatform();
  const config = readConfig({
    DATA_DIR: await createTempFolder(),
    PORT: '0',
    THREADS: '1',
    GRACE_MS: '2000',
  });
  const bot = await startBot(config, {
    log: createLog({ level: 'silent' }),
    signal: new AbortController().signal,
    openPlatforms: async () => [platform],
    renderer: createQuickRenderer(),
  });
  onTestFinished(() => bot.stop());
  expect(bot).toMatchObject({ platforms: ['Memory'], page: null });

  const photo = await encodePng(toRgbImage(wavyPicture(90, 70, 3)));
  const { render } = await ask('lounge', photo, { size: 64, frames: 8, seed: 7 });
  expect(await said('result')).toMatchObject({
    subject: { kind: 'render', id: render.id },
    body: { seed: 7, renderKind: 'zoom' },
    attachments: [{ format: 'gif' }],
  });

  expect(await (await fetch(`${bot.operations}/memory`)).text()).toBe('hello');
  expect((await fetch(`${bot.operations}/elsewhere`)).status).toBe(404);
  expect(await (await fetch(`${bot.operations}/metrics`)).text()).toContain(
    'gramzoom_renders_queued_total{platform="memory"} 1',
  );
});
