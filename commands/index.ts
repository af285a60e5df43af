import type { CommandName, KindCommand } from '../src/domain/command-name.ts';
import { kindNames, kinds } from '../src/domain/kinds.ts';
import type { Command } from './command.ts';
import { contestCommandsByName } from './contest.ts';
import { forget } from './forget.ts';
import { createHelp } from './help.ts';
import { mine, queue } from './lists.ts';
import { cancel, reroll } from './one-render.ts';
import { createRenderCommand } from './render.ts';

const renderCommands = Object.fromEntries(
  kindNames.map((kind) => [kinds[kind].command, createRenderCommand(kind)]),
) as Readonly<Record<KindCommand, Command<'queued'>>>;

const others = { reroll, cancel, queue, mine, ...contestCommandsByName, forget } as const;

/** Every command there is: one for each kind of render, the others, and what explains them all. */
export const commands = {
  ...renderCommands,
  ...others,
  help: createHelp([...Object.values(renderCommands), ...Object.values(others)]),
} as const satisfies Readonly<Record<CommandName, Command>>;
