import type { CommandName, KindCommand } from '../src/domain/command-name.ts';
import { kindNames, kinds } from '../src/domain/kinds.ts';
import type { Command } from './command.ts';
import { forget } from './forget.ts';
import { createHelp } from './help.ts';
import { mine, queue } from './lists.ts';
import { cancel, reroll } from './one-render.ts';
import { createRenderCommand } from './render.ts';

const renderCommands = Object.fromEntries(
  kindNames.map((kind) => [kinds[kind].command, createRenderCommand(kind)]),
) as Readonly<Record<KindCommand, Command<'queued'>>>;

/** Every command there is: one for each kind of render, and the others, written out by hand. */
export const commands = {
  ...renderCommands,
  reroll,
  cancel,
  queue,
  mine,
  forget,
  help: createHelp([...Object.values(renderCommands), reroll, cancel, queue, mine, forget]),
} as const satisfies Readonly<Record<CommandName, Command>>;
