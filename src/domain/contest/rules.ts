/** What can be asked of a contest: defaults, limits and help stand here and nowhere else. */
import { z } from 'zod';
import { fieldsOf, networkName } from '../request.ts';

export const mostThemeLetters = 100;
export const mostReasonLetters = 500;

const onOff = ['on', 'off'] as const;
export const presets = ['halloween'] as const;
export type ContestPreset = (typeof presets)[number];
/** Options that are on or off. */
export type ContestSwitch = 'approval' | 'anonymous' | 'guests' | 'contest';
const days = (most: number) => z.int().min(0).max(most);

/** Of the films that may be entered; the rest of a film is free. */
const fixedFields = {
  size: z.int().min(64).max(1024).optional().describe('the size that all films must have, in pixels'),
  frames: z.int().min(8).max(240).optional().describe('how many frames all films must have'),
  network: networkName.optional().describe('the network that all films must be made with'),
} as const;

/** What `/contest start` takes. Times are texts that `readMoment` reads in the zone. */
export const contestSchema = z.strictObject({
  theme: z
    .string()
    .trim()
    .min(1)
    .max(mostThemeLetters)
    .optional()
    .describe('what it is about, such as Scariest cat; not needed with a preset'),
  preset: z.enum(presets).optional().describe('dates and theme of an occasion'),
  enterFrom: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'when entering begins; at once unless told', takes: 'moment' }),
  enterUntil: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'when entering ends, such as 2026-10-31 18:00 or 3 days', takes: 'moment' }),
  voteUntil: z.string().max(64).optional().meta({ description: 'when voting ends', takes: 'moment' }),
  timezone: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'time zone of these times, such as Europe/Berlin', takes: 'zone' }),
  entries: z.int().min(1).max(5).default(1).describe('how many films each person may enter'),
  approval: z.enum(onOff).default('off').describe('whether a moderator lets each film in'),
  anonymous: z
    .enum(onOff)
    .default('on')
    .describe('whether nobody is told whose film is whose before the end'),
  role: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'the role that somebody needs to enter and to vote', takes: 'role' }),
  memberDays: days(365)
    .default(0)
    .describe('how many days somebody must have been here to enter and to vote'),
  accountDays: days(365).default(7).describe('how old in days an account must be to enter and to vote'),
  guests: z.enum(onOff).default('off').describe('whether guests may enter and vote'),
  prize: z.string().max(64).optional().meta({ description: 'the role that the winner gets', takes: 'role' }),
  ...fixedFields,
});

/** Options of `/contest start` as plain data. */
export const contestFields = fieldsOf(contestSchema);

/** What `/contest extend` takes. */
export const extendSchema = z.strictObject({
  until: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'the new end, such as 2026-11-02 18:00 or 2 days', takes: 'moment' }),
});
export const extendFields = fieldsOf(extendSchema);

/** What every command that makes something takes besides. */
export const entrySchema = z.object({
  contest: z.enum(onOff).default('off').describe('whether it is entered into the contest here'),
});
export const entryFields = fieldsOf(entrySchema);

/** The name of a field of the commands about contests. */
export type ContestField = keyof typeof contestSchema.shape | keyof typeof extendSchema.shape;

/** The rules of a contest, as its row has them. */
export const contestRulesSchema = z.object({
  theme: z.string(),
  entriesPerPerson: z.int().positive(),
  needsApproval: z.boolean(),
  isAnonymous: z.boolean(),
  /** Id and name of a role of the platform; null where none is needed. */
  role: z.object({ id: z.string(), name: z.string() }).nullable(),
  memberDays: z.int().nonnegative(),
  accountDays: z.int().nonnegative(),
  takesGuests: z.boolean(),
  prize: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What all films must have; null: free. */
  fixed: z.object({
    size: z.int().nullable(),
    frames: z.int().nullable(),
    network: z.string().nullable(),
  }),
});
export type ContestRules = Readonly<z.output<typeof contestRulesSchema>>;
