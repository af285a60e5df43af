import { describe, expect, it, onTestFinished } from 'vitest';
import { botOnDiscord, quick } from '../support/bot-on-fake.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import {
  createStage,
  decodeFilm,
  filmOf,
  isFilm,
  photoNamed,
  shown,
  small,
  stageForFile,
} from '../support/discord-stage.ts';

const minuteMs = 60_000;
const messages = '/channels/{channel_id}/messages';
const callback = '/interactions/{interaction_id}/{interaction_token}/callback';

describe('a bot that is started again half an hour after its stop', () => {
  const stage = stageForFile();

  /** Stops it, lets half an hour pass in which something happens, and starts it. */
  const away = async (meanwhile: () => void = () => {}): Promise<void> => {
    const { fake, stop, start } = stage.current;
    await stop();
    fake.clock.advance(15 * minuteMs);
    meanwhile();
    fake.clock.advance(15 * minuteMs);
    await start();
  };

  it('what people did to old films while the bot was stopped counts, each once', async () => {
    const { fake, server, gramzoom, thread, film, stop, start } = stage.current;
    const { ann, bea, cyd, mod, place } = server();
    const { answer } = await gramzoom(ann, place);
    const under = await thread(answer);
    const first = await film(under);
    bea.react(first, '🎲');
    await film(under, { count: 2 });

    await away(() => {
      cyd.react(first, '🎲');
      cyd.react(first, '✉️');
      bea.unreact(first, '🎲');
      mod.react(first, '👍');
    });
    const ofCyd = await film(under, { count: 3 });
    expect(ofCyd.content).toContain(`<@${cyd.id}>`);
    await fake.waitFor('the letter', () => cyd.dm().messages().find(isFilm));

    // Again, and what was taken back may be made anew.
    bea.react(first, '🎲');
    await film(under, { count: 4 });
    const pressed = mod.press(first, 'Re-roll');
    const ofMod = await film(under, { count: 5 });
    expect(pressed.acknowledgedAfterMs).toBeLessThan(3000);
    expect(ofMod.content).toContain(`<@${mod.id}>`);

    await stop();
    await start();
    await fake.waitFor('the reactions to be looked at', () =>
      fake.requests.findLast(({ path }) => path.includes('/reactions/')),
    );
    ann.react(first, '❌');
    await fake.waitFor('the first film to go', () => !under.message(first.id));
    expect(under.messages().filter(isFilm)).toHaveLength(4);
    expect(cyd.dm().messages().filter(isFilm)).toHaveLength(1);
    expect([bea, cyd, mod].map((person) => person.pings().length)).toEqual([2, 1, 1]);
  });

  it('unfinished renders go on after the stop, in messages of the bot itself, since commands are answered no more', async () => {
    const { fake, log, server, gramzoom, thread, film } = stage.current;
    const { ann, bea, guild, place } = server('de');
    const other = guild.channel('andere');
    const running = await gramzoom(ann, place, { size: 256 });
    const waiting = await gramzoom(bea, other);
    const since = log.length;
    await fake.waitFor('a frame', () => log.slice(since).some(({ kind }) => kind === 'progress'));
    let before = 0;
    await away(() => {
      before = fake.requests.length;
    });
    const under = await thread(running.answer);
    const first = await film(under);
    const second = await film(await thread(waiting.answer));
    for (const message of [first, second]) expect(message.content).toContain('Der Film ist fertig.');
    await fake.waitFor('the answers to say so', () =>
      [running, waiting].every(({ answer }) => answer().content.startsWith('Der Film ist fertig.')),
    );
    expect(under.messages().filter(({ files }) => files.length > 0)).toHaveLength(1);
    expect([ann, bea].map((person) => person.pings().length)).toEqual([1, 1]);
    const requests = fake.requests.slice(before);
    expect(requests.filter(({ path }) => path.startsWith('/webhooks/'))).toEqual([]);
    expect(fake.invalidRequests).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32')('a bot killed between saying something and noting it', () => {
  const scene = async () => {
    const stage = await createStage();
    const { fake, folder } = stage;
    const bots: BotProcess[] = [];
    onTestFinished(async () => {
      for (const bot of bots) bot.killGroup();
      await Promise.all(bots.map(({ gone }) => gone));
      await stage.close();
      expect(fake.violations).toEqual([]);
      expect(bots.flatMap(({ log }) => log.filter(({ level }) => level === 'error'))).toEqual([]);
    });
    const { program, environment } = quick(botOnDiscord(fake));
    const start = async (skippedMs = 0): Promise<BotProcess> => {
      const later = `const now = Date.now; Date.now = () => now() + ${skippedMs};`;
      const preload = `--import=data:text/javascript,${encodeURIComponent(later)}`;
      const more = skippedMs > 0 ? { NODE_OPTIONS: preload } : {};
      const bot = await startBotProcess(folder, { ...environment, ...more }, { program });
      bots.push(bot);
      await fake.waitFor('the commands', () => fake.commands.global.size > 0);
      return bot;
    };
    return { ...stage, start };
  };

  it('a bot killed between posting the answer and noting it finds it half an hour later, and the film comes', async () => {
    const { fake, server, start, thread, film } = await scene();
    const bot = await start();
    const { ann, place } = server();
    const held = fake.faults.hold('after', { path: callback });
    const asked = await ann.command('gramzoom', { photo: await photoNamed(), ...small }, { in: place });
    await held.arrived;
    bot.killGroup();
    await bot.gone;
    held.release();
    expect(asked.reply?.content).toBe('Looking at the photo…');

    const before = fake.requests.length;
    fake.clock.advance(30 * minuteMs);
    await start(30 * minuteMs);
    const under = await thread(() => asked.reply!);
    const message = await film(under);
    expect(await decodeFilm(message)).toMatchObject({ frames: 8 });
    await fake.waitFor('the answer to say so', () => asked.reply!.content.startsWith('The film is ready.'));
    expect(place.messages()).toHaveLength(1);
    expect(ann.pings().map(({ id }) => id)).toEqual([message.id]);
    const since = fake.requests.slice(before);
    expect(since.filter(({ path, status }) => path.startsWith('/webhooks/') || status >= 400)).toEqual([]);
  });

  it('a bot killed between posting the film and noting it posts it once, and who reacted meanwhile gets another one', async () => {
    const { fake, server, gramzoom, start, thread, film } = await scene();
    const bot = await start();
    const { ann, bea, place } = server('de');
    const held = fake.faults.hold('after', { method: 'POST', path: messages, file: '.gif' });
    const { answer } = await gramzoom(ann, place);
    await held.arrived;
    bot.killGroup();
    await bot.gone;
    held.release();
    const under = await thread(answer);
    const [first] = under.messages().filter(isFilm);
    if (!first) throw new Error('the film was not posted');
    fake.clock.advance(15 * minuteMs);
    bea.react(first, '🎲');
    fake.clock.advance(15 * minuteMs);

    await start(30 * minuteMs);
    const second = await film(under, { count: 2 });
    expect(second.content).toContain(`<@${bea.id}> Der Film ist fertig.`);
    expect(shown(second)).toContain(`neu gewürfelt aus ${shown(first).slice(-8)}`);
    expect(under.messages().filter(({ files }) => files.length > 0)).toHaveLength(2);
    expect(filmOf(second).name).not.toBe(filmOf(first).name);
    expect([ann, bea].map((person) => person.pings().length)).toEqual([1, 1]);
    expect(fake.invalidRequests).toBe(0);
  });
});
