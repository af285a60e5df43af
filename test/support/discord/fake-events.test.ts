/** What other tests rely on: whom the fake tells of what, and how it takes answers to interactions. */
import { PermissionFlagsBits as Bit, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { connect, inAServer } from './raw-client.ts';
import { overwriteCommands } from './state/commands.ts';

const minuteMs = 60_000;
const photo = { name: 'my cat.png', bytes: Buffer.from('the bytes of a photo') };

describe('interactions', () => {
  const scene = async () => {
    const made = await inAServer();
    const { fake, ann, place, call } = made;
    const contexts = { contexts: [0, 1, 2], integration_types: [0, 1] };
    overwriteCommands(fake.core, [
      {
        ...{ name: 'gramzoom', description: 'zoom', ...contexts },
        options: [
          { type: 11, name: 'photo', description: 'the photo', required: true },
          { type: 4, name: 'size', description: 'side', min_value: 64, max_value: 512 },
        ],
      },
      { name: 'Gramzoom', type: 3 },
    ]);
    const ask = (person = ann, where = place) => person.command('gramzoom', { photo }, { in: where });
    type Asked = Awaited<ReturnType<typeof ask>>;
    const answer = ({ id, token }: Asked, data: object = { content: 'here' }, type = 4) =>
      call('POST', `/interactions/${id}/${token}/callback`, { type, data });
    const webhook = ({ token }: Asked) => `/webhooks/${fake.applicationId}/${token}`;
    const change = (asked: Asked) =>
      call('PATCH', `${webhook(asked)}/messages/@original`, { content: 'changed' });
    const followUp = (asked: Asked) => call('POST', webhook(asked), { content: 'more' });
    return { ...made, ask, answer, change, followUp };
  };

  it('have three seconds for the first answer, which there is once, and fifteen minutes for the rest', async () => {
    const { fake, place, ask, answer, change, followUp, call } = await scene();
    const late = await ask();
    fake.clock.advance(2999);
    expect(late.didNotRespond).toBe(false);
    fake.clock.advance(1);
    expect(late.didNotRespond).toBe(true);
    expect((await answer(late)).code).toBe(10_062);
    const asked = await ask();
    expect((await followUp(asked)).code).toBe(10_015);
    expect((await answer(asked)).status).toBe(204);
    expect((await answer(asked)).code).toBe(40_060);
    fake.clock.advance(14 * minuteMs);
    expect((await change(asked)).status).toBe(200);
    fake.clock.advance(minuteMs);
    expect([await change(asked), await followUp(asked)].map(({ code }) => code)).toEqual([50_027, 50_027]);
    // The message stays, and the bot's own token edits it.
    await call('PATCH', `/channels/${place.id}/messages/${asked.reply?.id}`, { content: 'done' });
    expect(asked.reply?.content).toBe('done');
    expect(fake.invalidRequests).toBe(2);
  });

  it('are answered to one person alone where that is asked for, unseen by the bot token', async () => {
    const { place, ann, ask, answer, call } = await scene();
    const asked = await ask();
    await answer(asked, { content: 'pssst', flags: 64 });
    expect([place.messages(), place.messages({ as: ann.id }).length]).toEqual([[], 1]);
    expect((await call('GET', `/channels/${place.id}/messages/${asked.reply?.id}`)).code).toBe(10_008);
  });

  it('deferred answers are filled by the first word', async () => {
    const { ask, answer, followUp } = await scene();
    const asked = await ask();
    await answer(asked, { flags: 64 }, 5);
    expect(asked.reply).toMatchObject({ loading: true, ephemeral: true });
    await followUp(asked);
    expect([asked.reply?.content, asked.followUps]).toEqual(['more', []]);
  });

  it('have five follow-ups where the bot was brought along and may not write by itself', async () => {
    const { fake, ask, answer, followUp, call } = await scene();
    const bea = fake.person('bea', { installed: true });
    const far = fake.guild({ bot: null, members: [bea] }).channel('far-away');
    const asked = await ask(bea, far);
    await answer(asked);
    for (const _ of [1, 2, 3, 4, 5]) await followUp(asked);
    expect((await followUp(asked)).code).toBe(40_094);
    expect((await call('POST', `/channels/${far.id}/messages`, { content: 'x' })).code).toBe(50_001);
    const everyone = Bit.ViewChannel | Bit.UseApplicationCommands;
    const strict = fake.guild({ bot: null, members: [bea], everyone }).channel('strict');
    const private_ = await ask(bea, strict);
    await answer(private_);
    expect(private_.reply?.ephemeral).toBe(true);
  });

  it("are not sent by people's clients where they break a command's rules", async () => {
    const { ann, place, guild } = await scene();
    const use = (values: Parameters<typeof ann.command>[1], name = 'gramzoom') =>
      ann.command(name, values, { in: place });
    await expect(use({})).rejects.toThrow('photo is required');
    await expect(use({ photo, size: 63 })).rejects.toThrow('out of range');
    await expect(use({ photo, size: 64.5 })).rejects.toThrow('not whole');
    await expect(use({ photo, colour: 'red' })).rejects.toThrow('no option colour');
    await expect(use({}, 'other')).rejects.toThrow('no command other');
    guild.setEveryonePermissions(Bit.ViewChannel);
    await expect(use({ photo })).rejects.toThrow('may not');
  });
});

describe('the gateway', () => {
  const everything = Intent.Guilds | Intent.GuildMessages | Intent.DirectMessages;

  it('tells of messages what a bot without the privileged intent may read', async () => {
    const { fake, ann, place, call } = await inAServer();
    const { heard } = await connect(fake, { intents: everything });
    const looked = await ann.say(place, 'among us', { files: [photo] });
    await ann.say(place, 'please', { files: [photo], mention: true, replyTo: looked });
    await ann.say(ann.dm(), 'secret', { files: [photo] });
    const told = await fake.waitFor('three messages', () => {
      const found = heard('MESSAGE_CREATE');
      return found.length === 3 && found;
    });
    const shown = ({ content, attachments }: { content: string; attachments: unknown[] }) =>
      `${content}|${attachments.length}`;
    expect(told.map(shown)).toEqual(['|0', `<@${fake.applicationId}> please|1`, 'secret|1']);
    expect(told[1].referenced_message.attachments).toEqual([]);
    const listed = await call('GET', `/channels/${place.id}/messages?limit=100`);
    expect(listed.body.map(shown)).toEqual([`<@${fake.applicationId}> please|1`, '|0']);
  });

  it('tells nothing without its intent, and nothing of channels that the bot cannot see', async () => {
    const { fake, ann, place } = await inAServer();
    const { heard } = await connect(fake, { intents: Intent.Guilds | Intent.GuildMessages });
    await ann.say(ann.dm(), 'hello');
    place.denyBot(Bit.ViewChannel);
    await ann.say(place, 'hidden', { mention: true });
    place.denyBot(0n);
    await ann.say(place, 'seen', { mention: true });
    await fake.waitFor('a message', () => heard('MESSAGE_CREATE').length > 0);
    expect(heard('MESSAGE_CREATE').map(({ content }) => content)).toEqual([`<@${fake.applicationId}> seen`]);
  });

  it('resumes a session with exactly what was missed, for some minutes', async () => {
    const { fake, ann, place } = await inAServer();
    const first = await connect(fake, { intents: everything });
    fake.gateway.drop();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
    await ann.say(place, 'missed', { mention: true });
    const resume = { session: first.session(), sequence: first.sequence() };
    const second = await connect(fake, { resume });
    await fake.waitFor('the end of it', () => second.heard('RESUMED').length > 0);
    expect(second.heard('MESSAGE_CREATE')).toHaveLength(1);
    fake.gateway.drop();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
    fake.clock.advance(200_000);
    const third = await connect(fake, { resume });
    expect(third.invalid()).toBe(true);
  });

  it.each([
    ['a wrong token', { token: 'another' }, 4004],
    ['intents that there are not', { intents: 1 << 30 }, 4013],
    ['an intent that is not switched on', { intents: Intent.MessageContent }, 4014],
    ['a shard that there is not', { shard: [1, 1] as const }, 4010],
  ])('closes the connection for %s', async (_, options, code) => {
    const { fake } = await inAServer();
    expect((await connect(fake, options)).closedWith()).toBe(code);
  });

  it('gives each shard its servers, and direct messages to the first', async () => {
    const { fake, ann } = await inAServer();
    fake.guild({ name: 'another' });
    const [first, second] = [
      await connect(fake, { intents: everything, shard: [0, 2] }),
      await connect(fake, { intents: everything, shard: [1, 2] }),
    ];
    expect([first, second].map(({ heard }) => heard('GUILD_CREATE').length)).toEqual([1, 1]);
    await ann.say(ann.dm(), 'hello');
    await fake.waitFor('the message', () => first.heard('MESSAGE_CREATE').length === 1);
    expect(second.heard('MESSAGE_CREATE')).toEqual([]);
  });
});
