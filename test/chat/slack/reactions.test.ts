import { describe, expect, it } from 'vitest';
import { decodePlace, encodeMessageRef, type SlackPlace } from '../../../src/chat/slack/place.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { createSlackBot, listeningOnSlack, type Noted } from '../../support/slack-bot.ts';

/** A film of the bot's in the thread under its answer, which the store knows. */
const scene = async (options: Parameters<typeof listeningOnSlack>[0] = {}) => {
  const made = await listeningOnSlack(options);
  const { fake, team, ann, place } = made;
  const bea = team.person('bea', { locale: 'de-DE' });
  place.invite(bea);
  const { botUser: user, bot, tenant } = team.installation;
  const answer = fake.state.post(place.channel, { user, bot, text: 'Frame 3 of 48.' });
  const film = fake.state.post(place.channel, { user, bot, text: 'The film is ready.', thread: answer.ts });
  const at: SlackPlace = {
    ...{ tenant, team: team.id, channel: place.id, thread: answer.ts, user: ann.id, locale: 'en-US' },
    ...{ isDirect: false, isOwnThread: true },
  };
  const known = encodeMessageRef(
    { channel: place.id, ts: film.ts },
    { place: at, role: 'final', files: [], isEphemeral: false },
  );
  const knows = ({ renders }: Pick<typeof made, 'renders'>): void => {
    renders.sentMessage = async ({ ref }) => (ref === known.ref ? known : undefined);
  };
  knows(made);
  return { ...made, bea, film: place.message(film.ts)!, answer, known, knows };
};

describe('an emoji under a film', () => {
  it.each([
    ['game_die', 'reroll'],
    ['x', 'end'],
    ['envelope::skin-tone-2', 'send'],
  ] as const)('%s means %s, for whoever reacted, answered in the thread of the film', async (name, kind) => {
    const { team, place, bea, film, answer, asked, known } = await scene();
    bea.react(film, name);
    const [[, reaction, by]] = await asked('react');
    expect(reaction).toEqual({
      ...{ message: { platform: 'slack', ref: known.ref }, kind, user: `${team.id}/${bea.id}` },
    });
    expect(by).toMatchObject({
      ...{ actor: { platform: 'slack', server: team.id, user: `${team.id}/${bea.id}` }, isModerator: false },
    });
    expect(decodePlace(by.replyTarget)).toEqual({
      ...{ tenant: team.installation.tenant, team: team.id, channel: place.id, thread: answer.ts },
      ...{ user: bea.id, locale: 'de-DE', isDirect: false, isOwnThread: false },
    });
  });

  it('ends a film for an admin of the workspace, who is no moderator for anything else', async () => {
    const { team, place, film, asked } = await scene();
    const boss = team.person('boss', { isAdmin: true });
    place.invite(boss);
    boss.react(film, 'x');
    await asked('react');
    boss.react(film, 'game_die');
    const calls = await asked('react', 2);
    expect(calls.map(([, { kind }, { isModerator }]) => [kind, isModerator])).toEqual([
      ['end', true],
      ['reroll', false],
    ]);
  });

  it('counts for nothing under messages of others, nor any other emoji, nor the one of the bot itself', async () => {
    const { fake, team, place, ann, bea, film, calls, asked } = await scene();
    const theirs = ann.say(place, 'a photo');
    bea.react(theirs, 'game_die');
    bea.react(film, 'heart');
    await fetch(`${fake.apiUrl}reactions.add`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${team.installation.token}` } },
      body: new URLSearchParams({ channel: place.id, timestamp: film.ts, name: 'game_die' }),
    });
    // What the bot said and does not know any more.
    const { botUser: user, bot } = team.installation;
    const old = fake.state.post(place.channel, { user, bot, text: 'An old film.' });
    bea.react(place.message(old.ts)!, 'game_die');
    bea.react(film, 'game_die');
    await asked('react');
    await fake.waitFor('all is acknowledged', () =>
      fake.deliveries.all.every(({ acknowledgedAt }) => acknowledgedAt !== null),
    );
    expect(calls).toHaveLength(1);
  });

  it('is taken back after whatever it asked for', async () => {
    const { bea, film, asked, calls, team, known } = await scene();
    bea.react(film, 'game_die');
    bea.react(film, 'game_die', false);
    const [[, reaction]] = await asked('unreact');
    expect(reaction).toEqual({
      ...{ message: { platform: 'slack', ref: known.ref }, kind: 'reroll', user: `${team.id}/${bea.id}` },
    });
    expect(calls.map(([what]): Noted => what)).toEqual(['react', 'unreact']);
  });

  it('counts once, however often Slack tells of it', async () => {
    const { fake, bea, film, asked, calls } = await scene();
    bea.react(film, 'game_die');
    await asked('react');
    const told = fake.deliveries.all.at(-1)!;
    const again = fake.deliveries.deliver(told.kind, told.body);
    await again.done;
    bea.react(film, 'x');
    await asked('react', 2);
    expect(calls.map(([, reaction]) => (reaction as { readonly kind: string }).kind)).toEqual([
      'reroll',
      'end',
    ]);
  });

  it('is refused in words where it leads to nothing', async () => {
    const { bea, film, asked, renders } = await scene();
    const error = new GramzoomError('reaction-too-soon', { seconds: 30 });
    renders.reacts = async () => {
      throw error;
    };
    bea.react(film, 'game_die');
    const [[, , options]] = await asked('refuse');
    expect(options.error).toBe(error);
    expect(decodePlace(options.replyTarget)).toMatchObject({ user: bea.id, locale: 'de-DE' });
  });

  it('is tried again where the chat could not be reached, since Slack tells of it once', async () => {
    const { fake, bea, film, asked, renders, logged } = await scene();
    let tries = 0;
    renders.reacts = async () => {
      tries += 1;
      if (tries === 1)
        throw new GramzoomError('chat-unreachable', { platform: 'Slack', reason: 'the network' });
      return { kind: 'removed' };
    };
    bea.react(film, 'x');
    await fake.waitFor('the failure', () => logged.some((line) => line.includes('trying again')));
    fake.clock.advance(60_000);
    const [first, second] = await asked('react', 2);
    expect(second).toEqual(first);
    expect(fake.deliveries.all).toHaveLength(1);
  });

  it('is not lost where the bot stops before it has done what it asks for', async () => {
    const { fake, bea, film, asked, renders, close, folder, botToken, knows } = await scene();
    renders.reacts = async () => {
      throw new GramzoomError('stopping', {});
    };
    bea.react(film, 'game_die');
    const [before] = await asked('react');
    await close();
    const next = await createSlackBot(fake, { botToken, folder });
    knows(next);
    await next.start();
    expect(await next.asked('react')).toEqual([before]);
    await fake.waitFor('it is dealt with', async () => (await next.inbox.pending('slack')).length === 0);
  });
});
