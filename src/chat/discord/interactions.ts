import type { CommandAnswer } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import { type CommandName, firstWords, kindCommands } from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { defaultKind, kinds } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AllowedHosts } from '../shared/allowed-hosts.ts';
import { answerText } from '../shared/answer-text.ts';
import type { Reply } from './answers.ts';
import { encodeAttachment } from './attachment-ref.ts';
import { confirmingId } from './button-id.ts';
import { commandNamed, fieldNamed, menuEntry } from './command-definitions.ts';
import type { CommandEvent } from './events.ts';
import { personIn } from './find-photos.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { readInteractionContext, requirePermissions } from './interaction-context.ts';
import { photosAt } from './photo-choice.ts';
import { fileOf, type Picture, picturesIn } from './pictures.ts';
import { encodeReplyContext } from './reply-context.ts';
import { discordNotation, discordWords } from './words.ts';

const slashType = 1;
const menuType = 3;

const replyTo = (
  answer: CommandAnswer,
  { words, clock }: { readonly words: ChatWords; readonly clock: Clock },
): string | Reply | null => {
  const text = answerText(answer, words, {
    ...discordNotation(words, clock.wallTime()),
    start: discordWords(words).start(words),
  });
  if (text === null || answer.kind !== 'forget' || answer.isConfirmed) return text;
  return { text, button: { label: words.erasure.confirm, id: confirmingId('everything') } };
};

/** Whether it is a render that answers. */
const isRender = (command: CommandName): boolean =>
  (kindCommands as readonly CommandName[]).includes(command) || command === 'reroll';

const subcommandType = 1;

/** Discord's name of a command, with that of its subcommand behind it, and what was given with it. */
const typedIn = ({ name, options }: CommandEvent['data']) => {
  const [sub] = options;
  return sub?.type === subcommandType
    ? { name: `${name} ${sub.name}`, options: sub.options }
    : { name, options };
};

/** What was asked for, by whichever of Discord's names. @throws GramzoomError `command-unknown`, `photo-not-sent` */
const orderOf = ({ data }: CommandEvent, hosts: AllowedHosts) => {
  if (data.type === menuType && data.name === menuEntry) {
    const target = data.resolved.messages?.[data.target_id ?? ''];
    const photos = target ? picturesIn(target, hosts) : [];
    return {
      command: kinds[defaultKind].command,
      options: {},
      photos,
      author: personIn(target?.author),
      isMenu: true,
    } as const;
  }
  const { name: typed, options: given } = typedIn(data);
  const command = data.type === slashType ? commandNamed(typed) : undefined;
  if (!command) throw new GramzoomError('command-unknown', { name: typed, known: firstWords });
  const { attachments = {} } = data.resolved;
  const isPhoto = ({ name }: { readonly name: string }): boolean =>
    kindCommands.some((each) => each === command) && name === en.photoOption.name;
  const photos = given.filter(isPhoto).map(({ value }): Picture => {
    const attached = attachments[String(value)];
    const photo = attached && fileOf(attached, hosts);
    if (!photo) throw new GramzoomError('photo-not-sent', {});
    return photo;
  });
  const others = given.filter((option) => !isPhoto(option));
  const options = Object.fromEntries(others.map(({ name, value }) => [fieldNamed(command, name), value]));
  return { command, options, photos, author: null, isMenu: false };
};

/** Slash commands, and the entry in the Apps menu of messages. */
export const createInteractions =
  ({ renders, servers, answers, hosts, clock }: HandlerDeps) =>
  async (event: CommandEvent): Promise<void> => {
    const words = wordsFor(event.locale);
    const work = async (): Promise<string | Reply | null> => {
      const { place, where, actor } = readInteractionContext(event, servers);
      const { command, options, photos, author, isMenu } = orderOf(event, hosts);
      const [photo] = photos;
      if (isMenu && !photo) return discordWords(words).noPhotoThere;
      if (isRender(command)) requirePermissions(where);
      const answer = await commands[command].run(options, {
        renders: renders(),
        ...actor,
        attachment: photo ? encodeAttachment(photo) : null,
        ...(author !== null && { photoOwner: { ...actor.actor, user: author } }),
        replyTarget: encodeReplyContext({
          ...place,
          isSpoiler: photo?.isSpoiler ?? false,
          ...photosAt(photos, 1),
        }),
        event: `interaction:${event.id}`,
        answersFirst: true,
      });
      return replyTo(answer, { words, clock });
    };
    const named = commandNamed(typedIn(event.data).name);
    const defers = event.data.type === menuType || (named && isRender(named)) ? 'never' : 'late';
    await answers.replyEphemeral(event, { words, work, defers });
  };
