import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../commands/command.ts';
import { parseCommandLine } from '../../commands/command-line.ts';
import { commands } from '../../commands/index.ts';
import { isContestCommand } from '../../src/domain/command-name.ts';
import type { JobId } from '../../src/domain/job.ts';
import { en } from '../../src/messages/en.ts';
import { optionOwner, optionWords } from '../../src/messages/names.ts';
import { asInForms } from '../../src/messages/page-words.ts';
import { type BotProcess, codeOf, createWorld, someone, type World } from '../support/app-world.ts';
import { createFakeRenderer } from '../support/fake-renderer.ts';

const bob = { ...someone, user: 'bob' };

const contextOf = (world: World, bot: BotProcess, changes: Partial<CommandContext> = {}): CommandContext => {
  const { attachment, replyTarget } = world.submission();
  return { renders: bot.renders, actor: someone, attachment, replyTarget, ...changes };
};

/** A bot whose renders never get anywhere. */
const createBusy = async () => {
  const world = await createWorld();
  const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
  return { world, bot, context: (changes?: Partial<CommandContext>) => contextOf(world, bot, changes) };
};

/** A bot that renders, and two films of one person. */
const createFilms = async () => {
  const world = await createWorld();
  const bot = world.start();
  const context = (changes?: Partial<CommandContext>) => contextOf(world, bot, changes);
  const ids: JobId[] = [];
  for (const seed of [1, 2]) {
    const { render } = await commands.gramzoom.run({ size: 64, frames: 8, seed }, context());
    await bot.finished(render.id);
    ids.push(render.id);
  }
  return { world, bot, context, ids };
};

describe('the registry', () => {
  it('holds every command under its own name, with words for people', () => {
    for (const [name, command] of Object.entries(commands)) {
      expect(command.name).toBe(name);
      expect(en.commands[command.name].description).toMatch(/^[a-z].*[^.]$/);
      const owner = optionOwner(command);
      for (const { name: option } of command.fields) expect(optionWords(en, option, owner)).toBeDefined();
    }
  });
});

describe('/gramzoom', () => {
  it('submits the photo that came with it', async () => {
    const { context } = await createBusy();
    const answer = await commands.gramzoom.run({ size: 128, seed: 5 }, context());
    expect(answer).toMatchObject({ kind: 'queued', render: { seed: 5, origin: someone } });
  });

  it('names a wrong option before it misses the photo', async () => {
    const { context } = await createBusy();
    expect(await codeOf(commands.gramzoom.run({ size: 65 }, context({ attachment: null })))).toBe(
      'request-field',
    );
    expect(await codeOf(commands.gramzoom.run({}, context({ attachment: null })))).toBe('photo-needed');
  });

  it('takes what was typed', async () => {
    const { context } = await createBusy();
    const typed = parseCommandLine('/gramzoom frames:8 size:64 max_bytes:1MB');
    const answer = await commands.gramzoom.run(typed?.options, context());
    expect(answer.render).toMatchObject({ kind: 'zoom', progress: { total: 8 } });
  });
});

describe('what came with a command', () => {
  it('is handed on: the event, whether the answer comes first, and who keeps order', async () => {
    const { context, bot, world } = await createBusy();
    const event = 'interaction:1';
    const first = await commands.gramzoom.run({}, context({ event, answersFirst: true }));
    expect((await commands.gramzoom.run({}, context({ event }))).render.id).toBe(first.render.id);
    const onDiscord = { platform: 'discord', server: 'guild', user: 'ann' } as const;
    const { render } = await commands.gramzoom.run({}, context({ actor: onDiscord }));
    const again = context({ actor: onDiscord, event: 'interaction:2' });
    const twice = [await commands.reroll.run({}, again), await commands.reroll.run({}, again)];
    expect(twice[0]?.render.id).toBe(twice[1]?.render.id);
    const moderator = context({ actor: { ...onDiscord, user: 'mod' }, isModerator: true });
    expect((await commands.cancel.run({ render: render.id }, moderator)).kind).toBe('cancelled');
    const missing = world.submission({ attachment: { platform: 'web', ref: 'gone', name: 'cat.jpg' } });
    expect(
      (await commands.gramzoom.run({}, context({ attachment: missing.attachment, answersFirst: true })))
        .render,
    ).toMatchObject({ state: 'failed', failure: { code: 'photo-expired' } });
    expect(await bot.renders.mine(someone)).toHaveLength(2);
  });
});

describe('/cancel', () => {
  it('stops the newest of one’s own that is not done', async () => {
    const { context } = await createBusy();
    const first = await commands.gramzoom.run({}, context());
    const second = await commands.gramzoom.run({}, context());
    expect(await commands.cancel.run({}, context())).toMatchObject({
      kind: 'cancelled',
      render: { id: second.render.id, state: 'cancelled' },
    });
    expect((await commands.cancel.run({}, context())).render.id).toBe(first.render.id);
    expect(await codeOf(commands.cancel.run({}, context()))).toBe('nothing-running');
  });

  it('stops the one that is named, by its beginning where that is enough', async () => {
    const { context } = await createBusy();
    const first = await commands.gramzoom.run({}, context());
    await commands.gramzoom.run({}, context());
    const answer = await commands.cancel.run({ render: first.render.id }, context());
    expect(answer.render.id).toBe(first.render.id);
    // Both begin so.
    expect(await codeOf(commands.cancel.run({ render: 'rend' }, context()))).toBe('not-found');
  });

  it('refuses what is somebody else’s and what is no option', async () => {
    const { context } = await createBusy();
    const { render } = await commands.gramzoom.run({}, context());
    expect(await codeOf(commands.cancel.run({ render: render.id }, context({ actor: bob })))).toBe(
      'not-yours',
    );
    expect(await codeOf(commands.cancel.run({}, context({ actor: bob })))).toBe('nothing-running');
    expect(await codeOf(commands.cancel.run({ rendr: render.id }, context()))).toBe('request-field');
    expect(await codeOf(commands.cancel.run({ render: '../x' }, context()))).toBe('request-field');
  });
});

describe('/reroll', () => {
  it('renders one’s newest photo again', async () => {
    const { context, ids } = await createFilms();
    const answer = await commands.reroll.run({}, context());
    expect(answer).toMatchObject({ kind: 'queued', render: { parent: ids[1] } });
  });

  it('renders anybody’s photo again for whoever knows its whole id', async () => {
    const { context, ids } = await createFilms();
    const asBob = context({ actor: bob });
    const answer = await commands.reroll.run({ render: ids[0] }, asBob);
    expect(answer.render).toMatchObject({ parent: ids[0], origin: bob });
    const asCid = context({ actor: { ...someone, user: 'cid' } });
    expect(await codeOf(commands.reroll.run({ render: ids[0]?.slice(0, -1) }, asCid))).toBe('not-found');
  });
});

describe('/forget', () => {
  it('tells what would be deleted, and deletes it once that is confirmed', async () => {
    const { bot, context } = await createFilms();
    // The same picture twice.
    const count = { photos: 1, renders: 2, ofOthers: 0 };
    expect(await commands.forget.run({}, context())).toEqual({ kind: 'forget', isConfirmed: false, count });
    expect(await codeOf(commands.forget.run({ confirm: 'maybe' }, context()))).toBe('request-field');
    expect(await bot.renders.mine(someone)).toHaveLength(2);
    const typed = parseCommandLine('/forget confirm:yes');
    expect(await commands.forget.run(typed?.options, context())).toMatchObject({ isConfirmed: true, count });
    expect(await bot.renders.mine(someone)).toEqual([]);
  });
});

describe('/queue and /mine', () => {
  it('answer with what runs, what waits and what is one’s own', async () => {
    const { bot, context } = await createBusy();
    const first = await commands.gramzoom.run({}, context());
    await bot.event(({ kind }) => kind === 'started');
    const second = await commands.gramzoom.run({}, context({ actor: bob }));
    expect(await commands.queue.run({}, context())).toMatchObject({
      kind: 'queue',
      queue: { running: { id: first.render.id }, waiting: [{ id: second.render.id }] },
    });
    const mine = await commands.mine.run({}, context());
    expect(mine.renders.map(({ id }) => id)).toEqual([first.render.id]);
    expect(await codeOf(commands.queue.run({ of: 'bob' }, context()))).toBe('request-field');
  });
});

describe('the words of the answers', () => {
  it('say who runs and who waits', async () => {
    const { bot, context } = await createBusy();
    expect(en.commandWords.queue((await commands.queue.run({}, context())).queue)).toMatch(/^Nothing is/);
    for (let i = 0; i < 13; i++) await commands.gramzoom.run({ seed: i }, context());
    await bot.event(({ kind }) => kind === 'started');
    const words = en.commandWords.queue((await commands.queue.run({}, context())).queue).split('\n');
    expect(words[0]).toMatch(/^Now: render-1 \(seed 0, pocket, style\): frame 0 of 48/);
    expect(words[1]).toMatch(/^render-2 \(seed 1, pocket, style\): number 1 of 12/);
    expect(words).toHaveLength(12);
    expect(words.at(-1)).toBe('and 2 more');
  });

  it('list one’s own renders with their state', async () => {
    const { context } = await createFilms();
    expect(en.commandWords.mine((await commands.mine.run({}, context())).renders)).toBe(
      'render-2 (seed 2, pocket, style): done\nrender-1 (seed 1, pocket, style): done',
    );
    const none = await commands.mine.run({}, context({ actor: bob }));
    expect(en.commandWords.mine(none.renders)).toMatch(/no renders yet/);
  });

  it('list every command and every option', async () => {
    const { context } = await createBusy();
    const answer = await commands.help.run({ topic: 'options' }, context());
    const words = en.commandWords.help(answer.commands, { ...answer, ...asInForms });
    for (const command of Object.values(commands).filter(({ name }) => !isContestCommand(name))) {
      expect(words).toContain(`/${command.name}: ${en.commands[command.name].description}`);
      for (const { name } of command.fields) {
        expect(words).toContain(`  ${name}: ${optionWords(en, name)?.description}`);
      }
    }
    expect(words).toContain('direction: whether the film zooms in or out (in or out; default in)');
    expect(words).toContain(
      [
        '  quality: how much time rendering may take (draft, standard or fine; default standard)',
        ...Object.entries(en.qualities).map(([quality, sentence]) => `    ${quality}: ${sentence}`),
        '  steps: optimisation steps per frame (1 to 40; default 1, 3 or 6 by quality)',
      ].join('\n'),
    );
    expect(words).toContain('(0.16 to 240; default frames / fps)');
    expect(words).toContain('network: network whose features are matched (pocket or vgg19; default pocket)');
    expect(words).toContain(
      [
        '  depth: how recognisable the photo stays (texture, style or scene; default style)',
        `    texture: ${en.depths.texture}`,
        `    style: ${en.depths.style}`,
        `    scene: ${en.depths.scene} (with vgg19)`,
        '  seed: ',
      ].join('\n'),
    );
  });
});
