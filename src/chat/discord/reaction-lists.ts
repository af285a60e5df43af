import { type APIReaction, type APIUser, Routes } from 'discord.js';
import type { MessageAt } from './reply-context.ts';

const pageSize = 100;
/** Of one emoji in one form. Beyond, only those who are known to have reacted are asked about. */
const mostPages = 20;

/** Discord counts and lists normal and super reactions apart. */
const forms = {
  normal: { type: '0', counted: 'normal', mine: 'me' },
  super: { type: '1', counted: 'burst', mine: 'me_burst' },
} as const;

type Counted = Pick<APIReaction, 'emoji' | 'count' | 'me'> &
  Partial<Pick<APIReaction, 'count_details' | 'me_burst'>>;

/** Who has reacted with an emoji in one form. */
export type ReactionList = {
  /** Bots are left out. Where there are very many, or a page failed, some are missing. */
  readonly users: ReadonlySet<string>;
  /** Whether somebody has; null where that cannot be found out now. */
  has(user: string): Promise<boolean | null>;
};

/**
 * Lists who has reacted to messages.
 * @param options.get asks Discord
 * @param options.onProblem notified of a page that failed; throws what must end it
 */
export const createReactionLists =
  (options: {
    readonly get: (route: `/${string}`, query: URLSearchParams) => Promise<unknown>;
    readonly onProblem: (error: unknown) => void;
  }) =>
  /** @param counted how the message shows one emoji, in each of the ways in which it can be written */
  async (at: MessageAt, counted: readonly Counted[], isSuper: boolean): Promise<ReactionList> => {
    const { get, onProblem } = options;
    const form = forms[isSuper ? 'super' : 'normal'];

    const page = async (
      { emoji }: Counted,
      { after, limit }: { readonly after: string | undefined; readonly limit: number },
    ): Promise<readonly APIUser[]> => {
      const name = encodeURIComponent(emoji.name ?? '');
      const query = new URLSearchParams({ limit: String(limit), type: form.type, ...(after && { after }) });
      const route = Routes.channelMessageReaction(at.channel, at.message, name);
      return (await get(route, query)) as readonly APIUser[];
    };

    const users = new Set<string>();

    /** Whether that was all of them. */
    const read = async (reaction: Counted): Promise<boolean> => {
      let after: string | undefined;
      try {
        for (let pages = 0; pages < mostPages; pages += 1) {
          const found = await page(reaction, { after, limit: pageSize });
          for (const { id, bot } of found) if (!bot) users.add(id);
          if (found.length < pageSize) return true;
          after = found.at(-1)?.id;
        }
      } catch (error) {
        onProblem(error);
      }
      return false;
    };

    const partial: Counted[] = [];
    for (const reaction of counted) {
      const others =
        (reaction.count_details?.[form.counted] ?? reaction.count) - (reaction[form.mine] ? 1 : 0);
      if (others > 0 && !(await read(reaction))) partial.push(reaction);
    }

    return {
      users,
      has: async (user) => {
        if (users.has(user)) return true;
        try {
          for (const reaction of partial) {
            const [next] = await page(reaction, { after: String(BigInt(user) - 1n), limit: 1 });
            if (next?.id === user) return true;
          }
          return false;
        } catch (error) {
          onProblem(error);
          return null;
        }
      },
    };
  };
