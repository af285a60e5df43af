import { MessageType } from 'discord.js';
import { commands } from '../../../commands/index.ts';
import { type SpokenOptions, spokenOptions } from '../../../commands/spoken-options.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type AskedIn,
  abilities,
  firstPicture,
  isSpoiler,
  originOf,
  requirePermissions,
} from './asked-from.ts';
import { fieldsByName } from './command-definitions.ts';
import type { WrittenMessage } from './events.ts';
import type { Incoming } from './incoming.ts';
import { attachmentOf, personIn } from './interactions.ts';
import { encodePlace } from './place.ts';
import { directMessage, type ServerChannel } from './servers.ts';

const hintEveryMs = 60_000;
/** How many channels' hints are remembered. */
const mostChannels = 1_000;

/** At most one hint in a while and place: whoever talks about the bot is not talked into. */
const createHintLimit = (clock: Pick<Clock, 'now'>): ((channel: string) => boolean) => {
  const last = new Map<string, number>();
  return (channel) => {
    const before = last.get(channel);
    if (before !== undefined && clock.now() - before < hintEveryMs) return false;
    last.delete(channel);
    last.set(channel, clock.now());
    const [oldest] = last.keys();
    if (last.size > mostChannels && oldest !== undefined) last.delete(oldest);
    return true;
  };
};

/**
 * The options among somebody's words, by the names that their language or English gives them; whatever else they
 * say is talk.
 * @throws GramzoomError `option-twice`, `option-malformed`
 */
export const optionsIn = (text: string, words: ChatWords): SpokenOptions['options'] =>
  spokenOptions(text, fieldsByName(words)).options;

const isWrittenByPerson = ({ author, webhook_id, type }: WrittenMessage): boolean =>
  !author.bot && webhook_id === undefined && (type === MessageType.Default || type === MessageType.Reply);

/** Messages that name the bot, and direct messages to it. */
export const createMentions = ({
  renders,
  servers,
  restrictions,
  answers,
  locales,
  self,
  clock,
}: Incoming) => {
  const mayHint = createHintLimit(clock);

  const placeOf = async (event: WrittenMessage) => {
    const { channel_id: channel, guild_id: guild = null, author } = event;
    const where = guild === null ? directMessage : await servers.channel(channel);
    const place = {
      ...{ channel, guild, user: author.id, replyTo: event.id },
      locale: locales.of({ guild, user: author.id }),
      interaction: null,
      isGuest: false,
      ...(where ? abilities(where) : { canOpenThread: false, canReact: false }),
      maxFileBytes: servers.fileBytes(guild),
    };
    return { place, where };
  };

  /** By the command they might not do it either. */
  const mayUse = async (
    { guild_id: guild, author: { id: user }, member }: WrittenMessage,
    where: ServerChannel | AskedIn | undefined,
  ): Promise<boolean> => {
    if (guild === undefined || !where || !('grantedTo' in where)) return true;
    const roles = member?.roles ?? [];
    const granted = where.grantedTo({ user, roles });
    return await restrictions.allow({ guild, channel: where.ruledBy, user, roles, granted });
  };

  const take = async (event: WrittenMessage): Promise<void> => {
    const { place, where } = await placeOf(event);
    const words = wordsFor(place.locale);
    const say = (text: string): Promise<void> =>
      answers.under(
        { channel: event.channel_id, message: event.id },
        { text, to: null, key: `message:${event.id}` },
      );
    try {
      if (!(await mayUse(event, where))) {
        if (mayHint(`${event.channel_id}/${event.author.id}`)) {
          const text = answers.problem(new GramzoomError('command-denied', {}), words);
          await answers.directly(event.author.id, { text, key: `denied:${event.id}` });
        }
        return;
      }
      const { referenced_message: answered } = event;
      const own = firstPicture(event.attachments);
      const photo = own ?? firstPicture(answered?.attachments ?? []);
      // Who answers to somebody's photo does not make it theirs.
      const author = own ? null : personIn(answered?.author ?? undefined);
      if (!photo) {
        if (mayHint(event.channel_id)) await say(words.photoWanted);
        return;
      }
      if (where) requirePermissions(where);
      await commands.gramzoom.run(optionsIn(event.content.replaceAll(/<@!?\d+>/g, ' '), words), {
        renders: renders(),
        actor: originOf(place),
        attachment: attachmentOf(photo),
        ...(author !== null && { photoOwner: { ...originOf(place), user: author } }),
        replyTarget: encodePlace({ ...place, isSpoiler: isSpoiler(photo) }),
        event: `message:${event.id}`,
        answersFirst: true,
      });
    } catch (error) {
      await say(answers.problem(error, words));
    }
  };

  return async (event: WrittenMessage): Promise<void> => {
    const bot = self();
    // A reply to the bot calls it without naming it: that is talk under a film.
    const isNamed = bot !== null && new RegExp(`<@!?${bot}>`).test(event.content);
    if (isWrittenByPerson(event) && (isNamed || event.guild_id === undefined)) await take(event);
  };
};
