import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { actionButton } from '../../../src/chat/slack/action-button.ts';
import { decodePlace, encodePlace, originOf, type SlackPlace } from '../../../src/chat/slack/place.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { type MessageAction, messageActions } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { wordsFor } from '../../../src/messages/languages.ts';
import type { SlackTeam } from '../../support/slack/fake-slack.ts';
import type { MessageView, Place } from '../../support/slack/place.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';
import { createSlackBot, listeningOnSlack } from '../../support/slack-bot.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const film = Buffer.from('GIF89a a film');

/** A bot with a film of ann's; the messages about it are posted by hand. */
const scene = async (options: Parameters<typeof listeningOnSlack>[0] = {}) => {
  const made = await listeningOnSlack(options);
  const { fake, team, ann, place, renders, chat } = made;
  const placeOf = (user: { readonly id: string }): SlackPlace => ({
    ...{ tenant: team.installation.tenant, team: team.id, channel: place.id, thread: null },
    ...{ user: user.id, locale: 'en-US', isDirect: false, isOwnThread: false },
  });
  /** A render of somebody's. */
  const submitted = async (user: { readonly id: string } = ann) => {
    const at = placeOf(user);
    const attachment = chat.attach(Buffer.from('a photo'));
    const { id } = await renders.submit({
      ...{ origin: originOf(at), options: {}, attachment, replyTarget: encodePlace(at) },
    });
    return id;
  };
  const finished = async () => {
    const id = await submitted();
    await renders.finish(id, film);
    return id;
  };
  /** A message of the bot's with buttons about a render. */
  const says = (
    id: string,
    actions: readonly MessageAction[],
    { at = place, thread = null }: { readonly at?: Place; readonly thread?: string | null } = {},
  ): MessageView => {
    const words = wordsFor('en-US');
    const elements = actions.map((action) =>
      actionButton(action, renderSubject(id), { role: 'final', words }),
    );
    const blocks: KnownBlock[] = [{ type: 'actions', block_id: 'buttons', elements }];
    const { botUser: user, bot } = team.installation;
    const { ts } = fake.state.post(at.channel, { user, bot, text: 'A film.', blocks, thread });
    return fake.place(at.id).message(ts)!;
  };
  return { ...made, submitted, finished, says };
};

/** What ann was told alone, once she was. */
const told = async ({ fake, ann }: Pick<Awaited<ReturnType<typeof scene>>, 'fake' | 'ann'>, times = 1) => {
  await fake.waitFor(`answer ${times}`, () => ann.ephemerals.length >= times);
  return ann.ephemerals[times - 1]!;
};

describe('a button under a film', () => {
  it.each(['a thread', 'a channel', 'a direct message'])(
    'begins another render that is answered where the button is, in %s',
    async (where) => {
      const { fake, team, finished, says, asked, place } = await scene();
      const bea = team.person('bea', { locale: 'de-DE' });
      place.invite(bea);
      const id = await finished();
      const at = where === 'a direct message' ? bea.direct : place;
      const above = says(id, ['cancel'], { at });
      const thread = where === 'a thread' ? above.ts : null;
      const delivery = await bea.press(says(id, ['reroll', 'larger'], { at, thread }), 'gz1:reroll');
      const [[, of, by]] = await asked('reroll');
      expect(of).toBe(id);
      const { trigger_id: trigger } = delivery.body as { readonly trigger_id: string };
      expect(by).toMatchObject({
        actor: { platform: 'slack', server: team.id, user: `${team.id}/${bea.id}` },
        event: `action:${trigger}`,
      });
      expect(decodePlace(by.replyTarget)).toEqual({
        ...{ tenant: team.installation.tenant, team: team.id, channel: at.id, thread, user: bea.id },
        ...{ locale: 'de-DE', isDirect: where === 'a direct message', isOwnThread: false },
      });
      // The render answers, and nobody else.
      expect(delivery.hasFailed).toBe(false);
      expect(fake.calls('chat.postEphemeral')).toEqual([]);
      expect(bea.ephemerals).toEqual([]);
    },
  );

  it('makes the film larger', async () => {
    const { ann, finished, says, asked } = await scene();
    const id = await finished();
    await ann.press(says(id, ['larger']), 'gz1:larger');
    expect((await asked('enlarge'))[0]?.[1]).toBe(id);
  });

  it.each([
    ['en-US', 'cancel', /^Cancelled render-0\.$/],
    ['de-DE', 'cancel', /^render-0 ist abgebrochen\.$/],
    ['en-US', 'delete', /^Deleted\.$/],
    ['de-DE', 'delete', /^Gelöscht\.$/],
  ] as const)(
    'says to whoever pressed it, and to nobody else, what came of it (%s: %s)',
    async (locale, action, words) => {
      const made = await scene({ locale });
      const { ann, place, submitted, finished, says } = made;
      const id = await (action === 'cancel' ? submitted : finished)();
      const message = says(id, [action]);
      await ann.press(message, `gz1:${action}`);
      expect(await told(made)).toMatchObject({ text: expect.stringMatching(words), via: 'response_url' });
      expect(place.messages()).toEqual([message]);
    },
  );

  it.each([
    ['in the thread of the button', [], 'chat.postEphemeral'],
    ['in the channel, where the bot may not say anything in the thread', ['not_in_channel'], 'response_url'],
  ] as const)('is answered %s', async (_, errors, via) => {
    const made = await scene();
    const { fake, ann, finished, says } = made;
    const above = says(await finished(), []);
    for (const error of errors) fake.faults.error('chat.postEphemeral', error);
    await ann.press(says('gone-0123', ['delete'], { thread: above.ts }), 'gz1:delete');
    expect(await told(made)).toMatchObject({ via, thread: errors.length === 0 ? above.ts : null });
  });

  it('asks before a photo is deleted, with a red button that does it', async () => {
    const made = await scene();
    const { ann, renders, finished, says, asked, calls } = made;
    const id = await finished();
    await ann.press(says(id, ['delete-photo']), 'gz1:delete-photo');
    const question = await told(made);
    expect(question.text).toMatch(/^This deletes your photo for good/);
    expect(JSON.stringify(question.blocks)).toContain('"style":"danger"');
    expect(calls.map(([what]) => what)).not.toContain('erase');
    await ann.press(question, 'gz1:delete-photo');
    expect((await asked('erase'))[0]?.[1]).toEqual({ photoOf: id });
    await made.fake.waitFor('the question is answered', () => ann.ephemerals[0] !== question);
    expect(ann.ephemerals.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Deleted for good: your photo and 1 render/),
    ]);
    expect(renders.rows).toEqual([]);
  });

  it.each([
    ['an admin of the workspace', true],
    ['anybody else', false],
  ])('is pressed by %s, which the use case is told', async (_, isAdmin) => {
    const { team, place, finished, says, asked } = await scene();
    const bea = team.person('bea', { isAdmin });
    place.invite(bea);
    await bea.press(says(await finished(), ['delete']), 'gz1:delete');
    expect((await asked('remove'))[0]?.[2]).toMatchObject({ isModerator: isAdmin });
  });

  it('does nothing for an admin of another workspace that shares the channel, but what anybody may', async () => {
    const made = await scene();
    const { fake, team, finished, says, asked } = made;
    const there = fake.team('partner', { isInstalled: false });
    const eve = there.person('eve', { isAdmin: true });
    const shared = team.channel('shared', { members: [made.ann, eve], sharedWith: [there] });
    await eve.press(says(await finished(), ['delete'], { at: shared }), 'gz1:delete');
    expect((await asked('remove'))[0]?.[2]).toMatchObject({
      ...{ isModerator: false, actor: { platform: 'slack', server: team.id, user: `${team.id}/${eve.id}` } },
    });
  });

  it.each([
    ['of a render that is gone', (id: string) => id.replaceAll(/\d/g, '9')],
    ['that cannot be read', () => 'gone/for.ever'],
  ])('%s leads to a sentence that says what there is', async (_, change) => {
    const made = await scene();
    const { fake, ann, team, place, finished } = made;
    const id = await finished();
    const element = {
      ...actionButton('reroll', renderSubject(id), { role: 'final', words: wordsFor('en-US') }),
      value: `${change(id)}:final`,
    };
    const { botUser: user, bot } = team.installation;
    const blocks: KnownBlock[] = [{ type: 'actions', elements: [element] }];
    const { ts } = fake.state.post(place.channel, { user, bot, text: 'A film.', blocks });
    await ann.press(place.message(ts)!, 'gz1:reroll');
    expect((await told(made)).text).toBe(
      'There is no such render, or it no longer exists: /gramzoom mine lists yours.',
    );
  });

  it('says why it leads to nothing', async () => {
    const made = await scene();
    const { ann, renders, finished, says } = made;
    const id = await finished();
    renders.refuseWith(new GramzoomError('user-limit', { limit: 2 }));
    await ann.press(says(id, ['reroll']), 'gz1:reroll');
    expect((await told(made)).text).toMatch(/2/);
  });

  it('is not lost where the bot stops between acknowledging it and doing what it asks for', async () => {
    const { fake, ann, renders, finished, says, asked, inbox, close, folder, botToken } = await scene();
    const id = await finished();
    renders.refuseWith(new GramzoomError('stopping', {}));
    const delivery = await ann.press(says(id, ['reroll']), 'gz1:reroll');
    expect(delivery.hasFailed).toBe(false);
    const [[, , before]] = await asked('reroll');
    expect(await inbox.pending('slack')).toHaveLength(1);
    await close();
    const next = await createSlackBot(fake, { botToken, folder });
    await next.start();
    const [[, of, after]] = await next.asked('reroll');
    expect([of, after]).toEqual([id, before]);
    await fake.waitFor('it is dealt with', async () => (await next.inbox.pending('slack')).length === 0);
  });
});

it('a button in any workspace of an organisation that has the bot everywhere counts for that workspace', async () => {
  const fake = await startFakeSlack();
  const [zoo, farm] = ['zoo', 'farm'].map((name) => fake.team(name, { enterprise: 'E1' })) as [
    SlackTeam,
    SlackTeam,
  ];
  const { token: botToken, botUser: user, bot } = zoo.installation;
  const made = await createSlackBot(fake, { botToken, folder: await createTempFolder() });
  await made.start();
  const bea = farm.person('bea');
  const place = farm.channel('barn', { members: [bea] });
  const words = wordsFor('en-US');
  const elements = [actionButton('reroll', renderSubject('abcd'), { role: 'final', words })];
  const { ts } = fake.state.post(place.channel, {
    user,
    bot,
    text: 'A film.',
    blocks: [{ type: 'actions', elements }],
  });
  await bea.press(place.message(ts)!, 'gz1:reroll');
  const [[, , { actor, replyTarget }]] = await made.asked('reroll');
  expect(actor).toEqual({ platform: 'slack', server: farm.id, user: `${farm.id}/${bea.id}` });
  expect(decodePlace(replyTarget)).toMatchObject({ tenant: 'E1', team: farm.id, channel: place.id });
  bea.openHome();
  await fake.waitFor('her home', () => bea.home);
  await bea.pressInHome('gz1:forget');
  expect((await made.asked('erase'))[0]?.[2]).toEqual(actor);
});

it('every action that a message can have is a button that can be pressed', () => {
  for (const action of messageActions) {
    const button = actionButton(action, renderSubject('abcd'), { role: 'final', words: wordsFor('de') });
    expect(button).toMatchObject({ type: 'button', value: 'abcd:final', action_id: `gz1:${action}` });
  }
});
