import { describe, expect, it } from 'vitest';
import { decodePlace } from '../../../src/chat/slack/place.ts';
import { slackWords } from '../../../src/chat/slack/words.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import type { Person } from '../../support/slack/person.ts';
import { listeningOnSlack } from '../../support/slack-bot.ts';

const wrongSize = (received: string): string =>
  en.errorSentence({
    code: 'request-field',
    data: {
      field: 'size',
      expected: { kind: 'number', isWhole: true, min: 64, max: 512, multipleOf: 16 },
      received,
    },
  });

const titleOf = ({ modal }: Person): string | undefined =>
  modal?.view.type === 'modal' ? modal.view.title.text : undefined;

/** What one person was told, once there is so much. */
const told = async (
  { fake, ann }: Pick<Awaited<ReturnType<typeof listeningOnSlack>>, 'fake' | 'ann'>,
  count = 1,
): Promise<string> => {
  const answer = await fake.waitFor('a private answer', () => ann.ephemerals[count - 1]);
  return answer.text;
};

describe('/gramzoom without words', () => {
  it.each([
    ['en-US', en],
    ['de-DE', de],
  ])('opens a form in the language of whoever typed it (%s)', async (locale, words) => {
    const { ann, place } = await listeningOnSlack({ locale });
    const { response } = await ann.command('/gramzoom', '', place);
    expect(response ?? {}).toEqual({});
    expect(titleOf(ann)).toBe(words.kinds.zoom.label);
    expect(JSON.stringify(ann.modal?.view)).toContain(slackWords(words).form.moreOptions);
  });

  it('says so where Slack opens no form', async () => {
    const made = await listeningOnSlack();
    const { fake, ann, place } = made;
    fake.faults.error('views.open', 'expired_trigger_id');
    await ann.command('/gramzoom', '', place);
    expect(await told(made)).toBe(slackWords(en).form.notOpened);
    expect(ann.modal).toBeUndefined();
  });

  it('is acknowledged though Slack is slow to open the form', async () => {
    const { fake, ann, place } = await listeningOnSlack();
    const held = fake.faults.hold('views.open', 'after');
    const command = ann.command('/gramzoom', '', place);
    await fake.waitFor('the form to be asked for', () => ann.modal);
    fake.clock.advance(1_500);
    expect(await command).toMatchObject({ hasFailed: false });
    held.release();
  });

  it('does not wait for the language where Slack is slow to tell it', async () => {
    const { fake, ann, place } = await listeningOnSlack({ locale: 'de-DE' });
    fake.faults.hold('users.info', 'before');
    const command = ann.command('/gramzoom', '', place);
    await fake.waitFor('the form', () => ann.modal);
    await command;
    expect(titleOf(ann)).toBe(en.kinds.zoom.label);
  });
});

describe('words after the command', () => {
  it('fill in the form where they are options, with all of it where these are rare', async () => {
    const { ann, place } = await listeningOnSlack();
    await ann.command('/gramzoom', 'size:128 direction:out', place);
    expect(ann.modal?.values).toMatchObject({
      'option:size': { size: { value: '128' } },
      'option:direction': { direction: { selected_option: { value: 'out' } } },
    });
    expect(ann.modal?.values).not.toHaveProperty('option:seed');
    await ann.closeModal();
    await ann.command('/texture', 'seed:7', place);
    expect(ann.modal?.values).toMatchObject({ 'option:seed': { seed: { value: '7' } } });
    expect(titleOf(ann)).toBe(en.kinds.texture.label);
  });

  it.each([
    ['size:100', wrongSize('100')],
    ['network:vgg99', /vgg99/],
    ['frobnicate', /“frobnicate”.*queue, mine/s],
    ['<@U1> & more', /“<@U1> & more”/],
  ])('open no form where they are wrong, which is told at once: %s', async (text, sentence) => {
    const { ann, place } = await listeningOnSlack();
    const { response } = await ann.command('/gramzoom', text, place);
    expect(ann.modal).toBeUndefined();
    expect(response).toMatchObject({ response_type: 'ephemeral' });
    const { text: answer } = response as { readonly text: string };
    expect(answer.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toMatch(sentence);
    expect(answer).not.toContain('<@');
  });

  it.each([
    ['queue', en.commandWords.queue({ running: null, waiting: [] })],
    ['mine', en.commandWords.mine([])],
    ['help', '/gramzoom queue: '],
    ['cancel', '/gramzoom mine lists your renders'],
  ])('are answered to that person alone where they are a command: %s', async (text, answer) => {
    const made = await listeningOnSlack();
    const { response } = await made.ann.command('/texture', text, made.place);
    expect(response ?? {}).toEqual({});
    expect(await told(made)).toContain(answer);
    expect(made.ann.ephemerals[0]).toMatchObject({ via: 'response_url' });
    expect(made.place.messages()).toEqual([]);
  });

  it('are understood and answered in German', async () => {
    const made = await listeningOnSlack({ locale: 'de-DE' });
    await made.ann.command('/gramzoom', 'hilfe thema:Optionen', made.place);
    const help = `${await told(made)}\n${await told(made, 2)}`;
    expect(help).toContain(`/gramzoom ${de.commands.queue.name}: `);
    expect(help).toContain('größe');
  });

  it('ask before they delete everything, with a button', async () => {
    const made = await listeningOnSlack();
    await made.ann.command('/gramzoom', 'forget', made.place);
    expect(await told(made)).toContain('/gramzoom forget confirm:yes');
    expect(JSON.stringify(made.ann.ephemerals[0]?.blocks)).toContain(en.erasure.confirm);
    await made.ann.command('/gramzoom', 'forget confirm:yes', made.place);
    await made.asked('erase');
  });

  it('still reach whoever typed them where the address for the answer has lapsed', async () => {
    const made = await listeningOnSlack();
    const { fake, ann, place } = made;
    fake.faults.status('response_url', 404);
    await ann.command('/gramzoom', 'queue', place);
    expect(await told(made)).toContain(en.commandWords.queue({ running: null, waiting: [] }));
    expect(ann.ephemerals[0]).toMatchObject({ via: 'chat.postEphemeral' });
  });

  it('re-roll in the channel, where the render answers', async () => {
    const made = await listeningOnSlack();
    const { ann, place, team, renders, chat, asked } = made;
    const attachment = chat.attach(Buffer.from('a photo'));
    const origin = { platform: 'slack', server: team.id, user: `${team.id}/${ann.id}` } as const;
    await renders.submit({
      origin,
      options: {},
      attachment,
      replyTarget: { platform: 'slack', ref: place.id },
    });
    await ann.command('/gramzoom', 'reroll', place);
    const [[, , by]] = await asked('reroll');
    expect(decodePlace(by.replyTarget)).toMatchObject({ channel: place.id, user: ann.id, thread: null });
    expect(by.event).toMatch(/^command:/);
  });

  it('ask for an invitation where they re-roll in a private channel that the bot is not in', async () => {
    const made = await listeningOnSlack();
    const secret = made.team.channel('secret', { members: [made.ann], isPrivate: true, hasBot: false });
    await made.ann.command('/gramzoom', 'reroll', secret);
    expect(await told(made)).toBe(slackWords(en).inviteMe);
  });
});
