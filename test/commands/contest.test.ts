import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../commands/command.ts';
import { parseCommandLine } from '../../commands/command-line.ts';
import { commands } from '../../commands/index.ts';
import type { ContestActor, Contests } from '../../src/app/contests.ts';
import { contestCommand, contestVerbs } from '../../src/domain/command-name.ts';
import { contestFields } from '../../src/domain/contest/rules.ts';
import type { ContestView } from '../../src/domain/contest/view.ts';
import { codeOf, someone } from '../support/app-world.ts';

const view: ContestView = { kind: 'hall', contests: [] };

/** Contests that only note which use case was asked for, with what. */
const createNoted = () => {
  const asked: { readonly name: string; readonly given: readonly unknown[] }[] = [];
  const contests = new Proxy({} as Contests, {
    get:
      (_, name) =>
      async (...given: readonly unknown[]) => {
        asked.push({ name: String(name), given });
        return view;
      },
  });
  const context = (changes: Partial<CommandContext> = {}): CommandContext => ({
    renders: { contests } as CommandContext['renders'],
    actor: someone,
    attachment: null,
    replyTarget: { platform: 'web', ref: 'room' },
    ...changes,
  });
  return { asked, context };
};

const given = { 'contest extend': { until: '2 days' } } as const;

describe('the commands about contests', () => {
  it.each(contestVerbs)('hand whoever asks and what they ask for to the use case: %s', async (verb) => {
    const { asked, context } = createNoted();
    const person = { name: 'Ann', accountSince: 1, memberSince: 2, roles: ['3'], isOutsider: false };
    const contestPlace = { zone: 'Europe/Berlin' };
    const options = verb === 'extend' ? given['contest extend'] : {};
    const command = commands[contestCommand(verb)];
    const answer = await command.run(
      options,
      context({ person, contestPlace, isModerator: true, event: 'message:1' }),
    );
    expect(answer).toEqual({ kind: 'contest', view });
    expect(command.isPrivate).toBe(true);
    const [
      {
        name,
        given: [first, second = first],
      } = { name: '', given: [] },
    ] = asked;
    expect(asked).toHaveLength(1);
    expect(name).toBe(verb);
    expect(second).toMatchObject({ actor: someone, isModerator: true, person });
    if (verb === 'start' || verb === 'extend') {
      expect(first).toEqual(options);
      expect(second).toMatchObject(contestPlace);
    }
    expect((second as { readonly event?: string }).event).toBe('message:1');
  });

  it('hold nothing against somebody of whom the platform tells nothing', async () => {
    const { asked, context } = createNoted();
    await commands['contest status'].run({}, context());
    expect((asked[0]!.given[0] as ContestActor).person).toEqual({
      ...{ name: someone.user, accountSince: null, memberSince: null, roles: [], isOutsider: false },
    });
  });

  it('refuse options that they do not have, and an extension without an end', async () => {
    const { asked, context } = createNoted();
    for (const verb of contestVerbs.filter((each) => each !== 'start')) {
      const wrong = verb === 'extend' ? {} : { until: '2 days' };
      expect(await codeOf(commands[contestCommand(verb)].run(wrong, context())), verb).toBe('request-field');
    }
    expect(asked).toEqual([]);
  });

  it('take what was typed, with every option of a start', async () => {
    const { asked, context } = createNoted();
    const line = contestFields.map(({ name, kind }) => `${name}:${kind === 'integer' ? 64 : '"some words"'}`);
    const typed = parseCommandLine(`/contest start ${line.join(' ')}`);
    await commands['contest start'].run(typed?.options, context());
    expect(Object.keys(asked[0]!.given[0] as object)).toEqual(contestFields.map(({ name }) => name));
  });
});

describe('a render that is asked for with contest:on', () => {
  it('is admitted before it is submitted, entered afterwards, and told as new to whoever asked', async () => {
    const entered = { kind: 'entered', isNew: false } as ContestView;
    const asked: string[] = [];
    const note =
      <Answer>(name: string, answer: Answer) =>
      async (): Promise<Answer> => {
        asked.push(name);
        return answer;
      };
    const contests = { admit: note('admit', undefined), enter: note('enter', entered) };
    const renders = { contests, submit: note('submit', { id: 'a' }) };
    const answer = await commands.gramzoom.run(
      { contest: 'on' },
      {
        renders: renders as unknown as CommandContext['renders'],
        actor: someone,
        attachment: { platform: 'web', ref: 'photo', name: 'cat.png' },
        replyTarget: { platform: 'web', ref: 'room' },
      },
    );
    expect(asked).toEqual(['admit', 'submit', 'enter']);
    expect(answer).toMatchObject({ kind: 'queued', entered: { isNew: true } });
  });
});
