import type { CommandName } from '../src/domain/command-name.ts';
import { cancel } from './cancel.ts';
import type { Command } from './command.ts';
import { forget } from './forget.ts';
import { gramzoom } from './gramzoom.ts';
import { createHelp } from './help.ts';
import { mine } from './mine.ts';
import { queue } from './queue.ts';
import { reroll } from './reroll.ts';

/** Every command there is, written out by hand. */
export const commands = {
  gramzoom,
  reroll,
  cancel,
  queue,
  mine,
  forget,
  help: createHelp([gramzoom, reroll, cancel, queue, mine, forget]),
} as const satisfies Readonly<Record<CommandName, Command>>;
