import { WebClient } from '@slack/web-api';
import { describe, expect, it, vi } from 'vitest';
import { createAnswers } from '../../../src/chat/slack/answers.ts';
import type { SlackPlace } from '../../../src/chat/slack/place.ts';
import type { TenantClients } from '../../../src/chat/slack/tenants.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { en } from '../../../src/messages/en.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';

const scene = async () => {
  const fake = await startFakeSlack();
  const team = fake.team('zoo');
  const ann = team.person('ann');
  const place = team.channel('art', { members: [ann] });
  const client = new WebClient(team.installation.token, {
    ...{ slackApiUrl: fake.apiUrl, retryConfig: { retries: 0 } },
  });
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), forJob: () => log };
  const answers = createAnswers({
    tenants: { clients: async () => ({ answers: client }) as unknown as TenantClients },
    ...{ clock: createFakeClock(), log },
  });
  const at: SlackPlace = {
    ...{ tenant: team.id, team: team.id, channel: place.id, thread: null, user: ann.id, locale: 'en-US' },
    ...{ isDirect: false, isOwnThread: false },
  };
  return { fake, team, ann, place, log, answers, at };
};

describe('an answer to one person', () => {
  it('is seen by them alone, in the thread where they asked', async () => {
    const { ann, place, answers, at } = await scene();
    const above = ann.say(place, 'look');
    ann.say(place, 'here', { thread: above });
    await answers.replyEphemeral({ ...at, thread: above.ts }, 'hello <!here>');
    expect(ann.ephemerals).toMatchObject([
      { channel: place.id, thread: above.ts, text: 'hello &lt;!here&gt;', via: 'chat.postEphemeral' },
    ]);
  });

  it('is a direct message where the bot is not in the channel', async () => {
    const { team, ann, place, answers, at } = await scene();
    place.kick(team.installation.botUser);
    await answers.replyEphemeral(at, 'hello');
    expect(ann.direct.messages().map(({ text }) => text)).toEqual(['hello']);
  });

  it('stays in the conversation with the bot, where nothing has to be hidden', async () => {
    const { ann, answers, at } = await scene();
    await answers.replyEphemeral({ ...at, channel: ann.direct.id, isDirect: true }, 'hello');
    await answers.sendDirect(at, 'and more');
    expect(ann.direct.messages().map(({ text }) => text)).toEqual(['hello', 'and more']);
  });

  it('is said in their conversation with the bot where they asked in one of two people', async () => {
    const { ann, answers, at } = await scene();
    await answers.replyEphemeral({ ...at, channel: 'D0OTHERS', thread: '1.2', isDirect: true }, 'hello');
    expect(ann.direct.messages().map(({ text }) => text)).toEqual(['hello']);
  });

  it('comes in several messages where it is long, with its button under the last', async () => {
    const { ann, answers, at } = await scene();
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${'&'.repeat(20)}`);
    const button = { label: 'Do it', actionId: 'a', value: 'v' };
    await answers.replyEphemeral(at, { text: lines.join('\n'), button });
    const texts = ann.ephemerals.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(3000);
    expect(texts.join('\n').replaceAll('&amp;', '&').split('\n')).toEqual(lines);
    const buttons = ann.ephemerals.map(({ blocks }) => blocks.some(({ type }) => type === 'actions'));
    expect(buttons).toEqual(buttons.map((_, index) => index === buttons.length - 1));
  });

  it('is given up with a line in the log where Slack takes none', async () => {
    const { fake, answers, at, log } = await scene();
    fake.faults.error('chat.postEphemeral', 'user_not_in_channel');
    fake.faults.error('conversations.open', 'cannot_dm_bot');
    await answers.replyEphemeral(at, 'hello');
    expect(log.warn).toHaveBeenCalledTimes(1);
  });
});

describe('what went wrong', () => {
  it('is told in a sentence that says nothing of the machine, which the log does', async () => {
    const { answers, log } = await scene();
    const told = answers.problem(new Error('ENOENT /secret/path'), en);
    expect(told).not.toContain('secret');
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(answers.problem(new GramzoomError('nothing-running', {}), en)).toContain('/gramzoom mine');
  });
});
