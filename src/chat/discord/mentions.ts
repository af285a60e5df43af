import { MessageType } from 'discord.js';
import { commands } from '../../../commands/index.ts';
import { spokenKind, spokenOptions } from '../../../commands/spoken-options.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { type KindName, kinds } from '../../domain/kinds.ts';
import { en } from '../../messages/en.ts';
import { wordsFor } from '../../messages/languages.ts';
import { createHintLimit } from '../shared/hint-limit.ts';
import { spokenNames } from '../shared/spoken-names.ts';
import { encodeAttachment } from './attachment-ref.ts';
import type { WrittenMessage } from './events.ts';
import { createFindPhotos } from './find-photos.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { abilities, type ChannelContext, originOf, requirePermissions } from './interaction-context.ts';
import { personFacts } from './person-facts.ts';
import { photosAt } from './photo-choice.ts';
import { encodeReplyContext } from './reply-context.ts';
import { directMessage, type ServerChannel } from './servers.ts';
import { discordWords } from './words.ts';

const isWrittenByPerson = ({ author, webhook_id, type }: WrittenMessage): boolean =>
  !author.bot && webhook_id === undefined && (type === MessageType.Default || type === MessageType.Reply);

/** Users and roles that are named. */
const anybody = /<@[!&]?\d+>/g;

/** Messages that name the bot or its role, and direct messages to it. */
export const createMentions = (deps: HandlerDeps & { readonly signal: AbortSignal }) => {
  const { renders, servers, restrictions, answers, locales, self, clock } = deps;
  const mayHint = createHintLimit(clock);
  const findPhotos = createFindPhotos(deps);

  const placeOf = async (event: WrittenMessage) => {
    const { channel_id: channel, guild_id: guild = null, author } = event;
    const where = guild === null ? directMessage : await servers.channel(channel);
    const place = {
      ...{ channel, guild, user: author.id, replyTo: event.id },
      locale: locales.of({ server: guild, user: author.id }),
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
    where: ServerChannel | ChannelContext | undefined,
    { kind }: { readonly kind: KindName },
  ): Promise<boolean> => {
    if (guild === undefined || !where || !('grantedTo' in where)) return true;
    const roles = member?.roles ?? [];
    const granted = where.grantedTo({ user, roles });
    return await restrictions.allow({ kind, guild, channel: where.ruledBy, user, roles, granted });
  };

  const take = async (event: WrittenMessage): Promise<void> => {
    const { place, where } = await placeOf(event);
    const words = wordsFor(place.locale);
    const say = (text: string): Promise<void> =>
      answers.replyTo({ channel: event.channel_id, message: event.id }, { text, key: `message:${event.id}` });
    try {
      const text = event.content.replaceAll(anybody, ' ');
      const names = spokenNames([en, words]);
      const kind = spokenKind(text, names);
      if (!(await mayUse(event, where, { kind }))) {
        if (mayHint(`${event.channel_id}/${event.author.id}`)) {
          const denied = answers.problem(
            new GramzoomError('command-denied', { command: kinds[kind].command }),
            words,
          );
          await answers.sendDirect(event.author.id, { text: denied, key: `denied:${event.id}` });
        }
        return;
      }
      const { photos, author } = await findPhotos(event);
      const [photo] = photos;
      if (!photo) {
        // What names the role alone comes without its words, too.
        const isBlank = event.content === '' && event.mention_roles.length > 0;
        if (mayHint(event.channel_id))
          await say(isBlank ? discordWords(words).nameWanted : discordWords(words).photoWanted);
        return;
      }
      if (where) requirePermissions(where);
      const { options } = spokenOptions(text, names);
      await commands[kinds[kind].command].run(options, {
        renders: renders(),
        actor: originOf(place),
        person: personFacts(event.author, { guild: place.guild, member: event.member }),
        attachment: encodeAttachment(photo),
        ...(author !== null && { photoOwner: { ...originOf(place), user: author } }),
        replyTarget: encodeReplyContext({ ...place, isSpoiler: photo.isSpoiler, ...photosAt(photos, 1) }),
        event: `message:${event.id}`,
        answersFirst: true,
      });
    } catch (error) {
      await say(answers.problem(error, words));
    }
  };

  /** A reply to the bot calls it without naming it: that is talk under a film. */
  const isNamed = async ({
    content,
    guild_id: guild,
    mention_roles: roles,
  }: WrittenMessage): Promise<boolean> => {
    const bot = self();
    if (guild === undefined || (bot !== null && new RegExp(`<@!?${bot}>`).test(content))) return true;
    const role = roles.length > 0 ? await servers.ownRole(guild) : null;
    return role !== null && roles.includes(role);
  };

  return async (event: WrittenMessage): Promise<void> => {
    if (isWrittenByPerson(event) && (await isNamed(event))) await take(event);
  };
};
