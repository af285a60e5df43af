import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { JobId } from '../../src/domain/job.ts';
import { createLog, redact } from '../../src/ops/log.ts';

const logged = (level = 'info') => {
  const lines: string[] = [];
  const log = createLog({ level, to: { write: (line: string) => void lines.push(line) } });
  return { log, lines, records: () => lines.map((line) => JSON.parse(line)) };
};

describe('the log', () => {
  it('is one JSON object a line, with level, time and fields', () => {
    const { log, lines, records } = logged();
    log.info('a render is queued', { position: 3 });
    expect(lines[0]).toMatch(/\}\n$/);
    expect(records()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        msg: 'a render is queued',
        position: 3,
      },
    ]);
  });

  it('names the job on every line that is about it', () => {
    const { log, records } = logged();
    log.forJob('j1' as JobId).warn('it is retried');
    expect(records()[0]).toMatchObject({ level: 'warn', job: 'j1', msg: 'it is retried' });
  });

  it('tells an error with its causes, down to the last words of a child', () => {
    const { log, records } = logged();
    const crash = new GramzoomError('render-crashed', { how: 'SIGKILL' }, { cause: 'its last words' });
    log.error('it failed', { error: new Error('outer', { cause: crash }) });
    expect(records()[0].error).toMatchObject({
      message: 'outer',
      stack: expect.stringContaining('log.test'),
      cause: { name: 'GramzoomError', message: expect.stringContaining('SIGKILL'), cause: 'its last words' },
    });
  });

  it.skipIf(!existsSync('/dev/full'))('ends nothing where it cannot be written (needs /dev/full)', () => {
    const script = `
      const { createLog } = await import(${JSON.stringify(new URL('../../src/ops/log.ts', import.meta.url).href)});
      const log = createLog({ level: 'info' });
      for (let line = 0; line < 3; line++) {
        log.info('a line');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      log.flush();
      console.log('goes on');`;
    const command = `exec "${process.execPath}" --input-type=module -e '${script.replaceAll("'", `'\\''`)}' 2>/dev/full`;
    const { status, stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'goes on\n' });
  });

  it('says nothing below its level', () => {
    const { log, lines } = logged('warn');
    log.info('chatter');
    log.warn('something');
    expect(lines).toHaveLength(1);
  });

  it('hides secrets, however deep they lie', () => {
    const { log, lines, records } = logged();
    const url = 'https://discord.com/api/webhooks/123/aW50ZXJhY3Rpb246MTIz/messages/@original';
    log.error('it failed', {
      reply: { interactionToken: 'abc"def', deep: [{ Authorization: 'Bearer 0123456789' }] },
      error: new Error(`POST ${url} failed`),
    });
    expect(lines[0]).not.toMatch(/abc|0123456789|aW50ZXJhY3Rpb246MTIz/);
    expect(records()[0].reply).toEqual({
      interactionToken: '[redacted]',
      deep: [{ Authorization: '[redacted]' }],
    });
  });
});

describe('what is redacted', () => {
  it.each([
    ['a Slack bot token', 'with xoxb-123456789012-abcdefgh here', 'with [redacted] here'],
    ['a Slack token that changes', 'xoxe.xoxb-1-Mi0yLTEyMzQ1', '[redacted]'],
    ['a Slack token that renews others', 'xoxe-1-My0xLTEyMzQ1', '[redacted]'],
    [
      'the address of an answer on Slack',
      'POST https://hooks.slack.com/commands/T01/123456/AbCdEf failed',
      'POST https://hooks.slack.com/commands/[redacted] failed',
    ],
    [
      'the address of an upload to Slack',
      'POST https://files.slack.com/upload/v1/CwABAAAAWgo failed',
      'POST https://files.slack.com/upload/[redacted] failed',
    ],
    [
      'secrets in a form',
      'client_id=12.34&client_secret=f00d&code=1',
      'client_id=12.34&client_secret=[redacted]&code=1',
    ],
    ['a setting', 'SLACK_SIGNING_SECRET=0123abc', 'SLACK_SIGNING_SECRET=[redacted]'],
    ['a key in a field', '{"encryptionKey":"abcd"}', '{"encryptionKey":"[redacted]"}'],
    ['a Slack app token', 'xapp-1-A012-345-abcdef', '[redacted]'],
    [
      'a Discord token',
      'token MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcDE.abcdefghijklmnopqrstuvwxyz0123 used',
      'token [redacted] used',
    ],
    ['a header', 'Authorization: Bot MTIzNDU2Nzg5', 'Authorization: Bot [redacted]'],
    [
      'a password in an address',
      'postgres://gramzoom:hunter2@db/jobs',
      'postgres://gramzoom:[redacted]@db/jobs',
    ],
  ])('%s is redacted', (_what, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'a render of 256 x 256 pixels, seed 4242424242',
    'GET http://127.0.0.1:8484/api/renders/AbCdEfGhIjKlMnOpQrStUv',
    '{"job":"AbCdEfGhIjKlMnOpQrStUv","msg":"done"}',
    'f750cda733dc8efe6d7e5657f0aea9a8d8beec20e32828d4dd018251d5c236b5',
  ])('text without a secret stays as it is: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
