import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { discordSetupWords } from '../chat/discord/setup-words.ts';
import { slackSetupWords } from '../chat/slack/setup-words.ts';
import { GramzoomError, toFailure, toGramzoomError } from '../domain/errors.ts';
import { type KindName, kindNames, kindOf } from '../domain/kinds.ts';
import { botLines } from '../messages/bot-lines.ts';
import { commandLine, type SettingDoubts } from '../messages/command-line-words.ts';
import { en } from '../messages/en.ts';
import { backupCommand, backupWords } from './backup-command.ts';
import { botCommand } from './bot-command.ts';
import { refuseBotOptions } from './bot-options.ts';
import { inviteCommand } from './discord-command.ts';
import { eatenOptions } from './eaten-options.ts';
import { loadSettingsFile } from './environment-file.ts';
import { type CancelSignal, cancelSignals, exitCode } from './exit-codes.ts';
import { flagName, flagOf, type JsonFlag } from './flags.ts';
import { type Invocation, readInvocation } from './invocation.ts';
import { networkWords } from './network-words.ts';
import { fetchCommand, networksCommand } from './networks-command.ts';
import { type RenderFlags, renderCommand } from './render-command.ts';
import { manifestCommand } from './slack-command.ts';
import { watchOutput } from './standard-output.ts';

/** What the program is made of besides its words. */
type Parts = {
  /** Runs the bot; the others are what they are. */
  readonly bot: () => Promise<never>;
  readonly signal: AbortSignal;
  readonly invocation: Invocation;
};

/** The command of a kind of render, with a flag for each of its fields but the format. */
const addRender = (program: Command, kind: KindName, { signal, invocation }: Omit<Parts, 'bot'>): void => {
  const { shellCommand, fields, moves } = kindOf({ kind });
  const render = program
    .command(shellCommand)
    .description(en.kinds[kind].command.description)
    .argument('<photo>', commandLine.photo)
    .requiredOption('--out <file>', commandLine.out)
    .action((photo: string, flags: RenderFlags) => renderCommand(kind, photo, { flags, signal }));
  if (moves) render.option('--poster <file>', commandLine.poster);
  for (const field of fields.filter(({ name }) => name !== 'format')) render.addOption(flagOf(field));
  render
    .option('--json', commandLine.json)
    .option('--verbose', commandLine.verbose)
    .addHelpText(
      'after',
      `\n${commandLine.notes(invocation.gramzoom)}\n\n${commandLine
        .examples(invocation.gramzoom, kind)
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
};

/** The commands, their flags and their help. */
export const buildProgram = ({ bot, signal, invocation }: Parts): Command => {
  const program = new Command(invocation.gramzoom)
    .description(commandLine.program)
    .version(manifest.version, '--version', commandLine.version)
    .helpOption('-h, --help', commandLine.help)
    .helpCommand(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  for (const kind of kindNames) addRender(program, kind, { signal, invocation });
  const networks = program
    .command('networks')
    .description(networkWords.command)
    .option('--json', networkWords.json)
    .option('--verbose', commandLine.verbose)
    .addHelpText('after', `\n${networkWords.notes}`)
    .action(networksCommand);
  networks
    .command('fetch')
    .description(networkWords.fetch)
    .argument('<name>', networkWords.fetchName)
    .option('--json', networkWords.fetchJson)
    .option('--verbose', commandLine.verbose)
    // A flag in front of `fetch` is meant for it all the same.
    .action((name: string, _flags: JsonFlag, command: Command) =>
      fetchCommand(name, command.optsWithGlobals<JsonFlag>(), { signal }),
    );
  program
    .command('discord')
    .description(discordSetupWords.command)
    .command('invite')
    .description(discordSetupWords.invite)
    .option('--application <id>', discordSetupWords.application)
    .option('--json', discordSetupWords.json)
    .option('--verbose', commandLine.verbose)
    .addHelpText('after', `\n${discordSetupWords.notes}`)
    .action(inviteCommand);
  program
    .command('slack')
    .description(slackSetupWords.command)
    .command('manifest')
    .description(slackSetupWords.manifest)
    .option('--http <url>', slackSetupWords.http)
    .option('--verbose', commandLine.verbose)
    .addHelpText('after', `\n${slackSetupWords.notes}`)
    .action(manifestCommand);
  program
    .command('backup')
    .description(backupWords.command)
    .argument('<folder>', backupWords.folder)
    .option('--json', backupWords.json)
    .option('--verbose', commandLine.verbose)
    .addHelpText('after', `\n${backupWords.notes}`)
    .action((folder: string, flags: JsonFlag) => backupCommand(folder, flags, { signal }));
  program
    .command('bot')
    .description(botLines.command)
    .addHelpText('after', `\n${botLines.help}`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_flags: object, { args }: Command) => {
      refuseBotOptions(args, invocation);
      return bot();
    });
  return program;
};

/** commander's own complaints, without its `error:`, as one sentence on one line. */
const usageError = (
  error: CommanderError,
  { command, invocation }: { readonly command: string; readonly invocation: Invocation },
): GramzoomError => {
  const { gramzoom: typed } = invocation;
  const complaint = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  // Without any command commander prints its help, as an error.
  const problem =
    error.code === 'commander.help'
      ? commandLine.nothingToDo(typed)
      : commandLine.usage(complaint, `${typed} ${command} --help`);
  return new GramzoomError('usage', { problem }, { cause: error });
};

/** @throws GramzoomError `usage` with what to type, where npm has kept options that are meant for this program */
const refuseEatenOptions = (
  program: Command,
  args: readonly string[],
  { gramzoom, kept }: Invocation,
): void => {
  const eaten = eatenOptions(program, args, kept);
  if (!eaten) return;
  const problem = commandLine.optionsEaten(eaten.flags, `${gramzoom} ${eaten.typed}`);
  throw new GramzoomError('usage', { problem });
};

/**
 * No process can be started in a folder that has been removed, and no path counts from there.
 * @throws GramzoomError `working-folder-gone`
 */
const requireWorkingFolder = (): void => {
  try {
    process.cwd();
  } catch (cause) {
    throw new GramzoomError('working-folder-gone', {}, { cause });
  }
};

const describe = (error: GramzoomError, { verbose }: { readonly verbose: boolean }): string => {
  const sentence = en.operatorSentence(toFailure(error), { nameField: flagName });
  return verbose ? `${sentence}\n${inspect(error)}\n` : `${sentence}\n`;
};

/**
 * Runs the command line.
 * @param args what was typed behind the program's name
 * @returns the exit status: 0, 2 for bad input or usage, 1 for failures of this program or machine, 130 for
 * Ctrl-C (128 plus the signal's number)
 */
export const runCommandLine = async (args: readonly string[]): Promise<number> => {
  const controller = new AbortController();
  let cancelledBy: CancelSignal | undefined;
  let doubts: SettingDoubts | undefined;
  const cancel = (signal: CancelSignal): void => {
    cancelledBy ??= signal;
    controller.abort();
    // A photo that is read from a terminal or pipe would hold the process.
    process.stdin.destroy();
  };
  for (const signal of cancelSignals) process.on(signal, cancel);
  // Whoever read what is printed here may be gone (`| head`); the film is written all the same.
  const output = watchOutput(process.stdout);
  process.stderr.on('error', () => {});
  const invocation = readInvocation();
  const kinds = kindNames.map((kind) => kindOf({ kind }).shellCommand);
  const named = [...kinds, 'networks', 'discord', 'slack', 'backup'];
  const command = named.find((name) => name === args[0]) ?? 'render';
  try {
    requireWorkingFolder();
    const program = buildProgram({
      bot: () => botCommand({ doubts }),
      signal: controller.signal,
      invocation,
    });
    refuseEatenOptions(program, args, invocation);
    // Only what does something needs settings: help works with any file.
    program.hook('preAction', (_program, action) => {
      doubts = loadSettingsFile();
      // The bot has its log for that.
      if (doubts && action.name() !== 'bot') process.stderr.write(`${commandLine.settingDoubts(doubts)}\n`);
    });
    await program.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
      // So commander ends where it has printed help or version.
      if (!(thrown instanceof CommanderError && thrown.exitCode === 0)) throw thrown;
    });
    await output.finish();
    return 0;
  } catch (thrown) {
    const error =
      thrown instanceof CommanderError
        ? usageError(thrown, { command, invocation })
        : toGramzoomError(thrown);
    process.stderr.write(describe(error, { verbose: args.includes('--verbose') }));
    return exitCode(error.code, cancelledBy);
  } finally {
    for (const signal of cancelSignals) process.off(signal, cancel);
  }
};
