import type { CommandAnswer } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import type { CommandName } from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Clock } from '../../ports/clock.ts';
import { liveMoment, type Reply } from './answers.ts';
import { askedBy, firstPicture, isSpoiler, photoName, requirePermissions } from './asked-from.ts';
import { encodeAttachment } from './attachment-ref.ts';
import { confirmingId } from './button-id.ts';
import { commandNamed, fieldNamed, menuEntry } from './command-definitions.ts';
import type { Attachment, Author, CommandEvent } from './events.ts';
import type { Incoming } from './incoming.ts';
import { encodePlace } from './place.ts';

const slashType = 1;
const menuType = 3;

const wordsOf = (
  answer: CommandAnswer,
  { words, clock }: { readonly words: ChatWords; readonly clock: Clock },
): string | Reply | null => {
  const { commandWords, erasure } = words;
  const when = liveMoment(clock);
  switch (answer.kind) {
    case 'queued':
      return null;
    case 'cancelled':
      return commandWords.cancelled(answer.render);
    case 'line':
      return commandWords.line(answer.line, { when });
    case 'mine':
      return commandWords.mine(answer.renders, { when });
    case 'forget':
      if (answer.isConfirmed) return erasure.everythingDone(answer.count);
      return {
        text: erasure.everythingQuestion(answer.count),
        button: { label: erasure.confirm, id: confirmingId('everything') },
      };
    case 'help':
      return commandWords.help(answer.commands, answer);
    default:
      return answer satisfies never;
  }
};

/** Whether it is a render that answers. */
const isRender = (command: CommandName): boolean => command === 'gramzoom' || command === 'reroll';

/** Who wrote a message, if that was a person. */
export const personIn = (author: Author | undefined): string | null =>
  author && !author.bot ? author.id : null;

/** What was asked for, by whichever of Discord's names. @throws GramzoomError `command-unknown` */
const orderOf = ({ data }: CommandEvent) => {
  if (data.type === menuType && data.name === menuEntry) {
    const target = data.resolved.messages?.[data.target_id ?? ''];
    const photo = firstPicture(target?.attachments ?? []);
    return { command: 'gramzoom', options: {}, photo, author: personIn(target?.author) } as const;
  }
  const command = data.type === slashType ? commandNamed(data.name) : undefined;
  if (!command) {
    throw new GramzoomError('command-unknown', { name: data.name, known: Object.keys(commands) });
  }
  const { attachments = {} } = data.resolved;
  const given = data.options.map(({ name, value }) => [fieldNamed(command, name), value] as const);
  const isFile = (value: unknown): value is string =>
    typeof value === 'string' && Object.hasOwn(attachments, value);
  const photo = commands[command].takesPhoto
    ? given.map(([, value]) => (isFile(value) ? attachments[value] : undefined)).find((file) => file)
    : undefined;
  const options = Object.fromEntries(given.filter(([, value]) => !photo || value !== photo.id));
  return { command, options, photo, author: null };
};

/** A photo as a use case takes it. */
export const attachmentOf = (photo: Attachment) =>
  encodeAttachment({ url: photo.url, bytes: photo.size, name: photoName(photo) });

/** Slash commands, and the entry in the Apps menu of messages. */
export const createInteractions =
  ({ renders, servers, answers, clock }: Incoming) =>
  async (event: CommandEvent): Promise<void> => {
    const words = wordsFor(event.locale);
    const work = async (): Promise<string | Reply | null> => {
      const { place, where, actor } = askedBy(event, servers);
      const { command, options, photo, author } = orderOf(event);
      if (isRender(command)) requirePermissions(where);
      const answer = await commands[command].run(options, {
        renders: renders(),
        ...actor,
        attachment: photo ? attachmentOf(photo) : null,
        ...(author !== null && { photoOwner: { ...actor.actor, user: author } }),
        replyTarget: encodePlace({ ...place, isSpoiler: photo !== undefined && isSpoiler(photo) }),
        event: `interaction:${event.id}`,
        answersFirst: true,
      });
      return wordsOf(answer, { words, clock });
    };
    const named = commandNamed(event.data.name);
    const defers = event.data.type === menuType || (named && isRender(named)) ? 'never' : 'late';
    await answers.privately(event, { words, work, defers });
  };
