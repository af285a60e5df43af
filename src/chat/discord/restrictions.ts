import { ApplicationCommandPermissionType as Kind, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import { kinds } from '../../domain/kinds.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { listOf, withoutNulls } from '../shared/lenient.ts';
import { type CommandRule, mayUse, type Using } from './command-rules.ts';
import type { CommandIds } from './register-commands.ts';
import { snowflake } from './snowflake.ts';

const rule = z.object({ id: snowflake, type: z.enum(Kind), permission: z.boolean() });
const ruled = z.object({ id: snowflake, permissions: listOf(rule) });
const update = ruled.extend({ guild_id: snowflake, application_id: snowflake });

/** Whoever waits for an answer waits so long for the rules. */
const patienceMs = 1_500;
/** After a failure nothing is asked for so long. */
const restMs = 60_000;

/** What a server's rules are, by the id of a command or of the application. */
type RulesById = ReadonlyMap<string, readonly CommandRule[]>;
type Known = { readonly rules: Promise<RulesById>; until: number };

/**
 * What servers have set for commands under Server Settings > Integrations. Discord itself respects it for commands alone:
 * mentions, reactions and buttons that do the same are held to it here.
 */
export const createRestrictions = ({
  rest,
  ids,
  clock,
  log,
}: {
  readonly rest: REST;
  /** Of the application, null where it is not known yet, and of the commands that make something. */
  readonly ids: () => { readonly application: string | null; readonly commands: CommandIds };
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
}) => {
  const known = new Map<string, Known>();

  const ask = async (application: string, guild: string): Promise<RulesById> => {
    const late = new AbortController();
    const timer = clock.after(patienceMs, () => late.abort());
    try {
      const route = Routes.guildApplicationCommandsPermissions(application, guild);
      const found = z.array(ruled).parse(withoutNulls(await rest.get(route, { signal: late.signal })));
      return new Map(found.map(({ id, permissions }) => [id, permissions] as const));
    } finally {
      timer.cancel();
    }
  };

  const rulesOf = async (application: string, guild: string): Promise<RulesById> => {
    const before = known.get(guild);
    if (before && clock.now() < before.until) return await before.rules;
    const asked: Known = {
      until: Number.POSITIVE_INFINITY,
      rules: ask(application, guild).catch((error: unknown) => {
        log.warn('discord: failed to fetch the restrictions of a server', { error });
        asked.until = clock.now() + restMs;
        return new Map();
      }),
    };
    known.set(guild, asked);
    return await asked.rules;
  };

  /** Where the rules cannot be had, Use Application Commands decides alone. */
  const allow = async (using: Using): Promise<boolean> => {
    const { application, commands } = ids();
    const rules: RulesById = application === null ? new Map() : await rulesOf(application, using.guild);
    const ofCommand = rules.get(commands[using.kind] ?? '') ?? [];
    return mayUse({ ofCommand, ofApplication: rules.get(application ?? '') ?? [] }, using);
  };

  return {
    /** Takes in a change. @throws ZodError */
    changed: async (event: unknown): Promise<void> => {
      const read = update.parse(withoutNulls(event));
      const before = known.get(read.guild_id);
      if (!before || read.application_id !== ids().application) return;
      const rules = before.rules.then((all) => new Map([...all, [read.id, read.permissions] as const]));
      known.set(read.guild_id, { rules, until: before.until });
    },
    /** A session begins: changes may have been missed. */
    forget: () => known.clear(),
    allow,
    /** @throws GramzoomError `command-denied` */
    requireUse: async (using: Using): Promise<void> => {
      if (!(await allow(using)))
        throw new GramzoomError('command-denied', { command: kinds[using.kind].command });
    },
  };
};

export type Restrictions = ReturnType<typeof createRestrictions>;
