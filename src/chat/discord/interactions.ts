import type { CommandAnswer } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import { type CommandName, firstWords, isContestCommand, kindCommands } from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { defaultKind, kinds } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AllowedHosts } from '../shared/allowed-hosts.ts';
import { answerText } from '../shared/answer-text.ts';
import type { Outcome } from './answers.ts';
import { encodeAttachment } from './attachment-ref.ts';
import { confirmingId } from './button-id.ts';
import { commandNamed, fieldNamed, menuEntry, typedIn } from './command-definitions.ts';
import { contestReply, panelOf } from './contest-panel.ts';
import type { CommandEvent } from './events.ts';
import { personIn } from './find-photos.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { readInteractionContext, requirePermissions } from './interaction-context.ts';
import { contestActor } from './panel-presses.ts';
import { photosAt } from './photo-choice.ts';
import { fileOf, type Picture, picturesIn } from './pictures.ts';
import { encodeReplyContext } from './reply-context.ts';
import { discordNotation, discordWords } from './words.ts';

const slashType = 1;
const menuType = 3;

const replyTo = (
  answer: Exclude<CommandAnswer, { kind: 'contest' }>,
  { words, clock }: { readonly words: ChatWords; readonly clock: Clock },
): Outcome => {
  if (answer.kind === 'queued' && answer.entered) {
    return { panel: panelOf(answer.entered, words), isBeside: true };
  }
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

/** Discord sends the roles along that options name; everybody's is no role that anybody lacks. */
const roleFinder =
  ({ data, guild_id: guild }: CommandEvent) =>
  async (text: string) => {
    const role = data.resolved.roles[text];
    if (role && role.id === guild) throw new GramzoomError('contest-role', { received: role.name });
    return role ? { id: role.id, name: role.name } : null;
  };

/** Slash commands, and the entry in the Apps menu of messages. */
export const createInteractions =
  ({ renders, servers, answers, blobs, hosts, clock }: HandlerDeps) =>
  async (event: CommandEvent): Promise<void> => {
    const words = wordsFor(event.locale);
    const work = async (): Promise<Outcome> => {
      const asked = readInteractionContext(event, servers);
      const { place, where, actor, person } = asked;
      const { command, options, photos, author, isMenu } = orderOf(event, hosts);
      const [photo] = photos;
      if (isMenu && !photo) return discordWords(words).noPhotoThere;
      if (isRender(command) || command === 'contest start') requirePermissions(where);
      const answer = await commands[command].run(options, {
        renders: renders(),
        ...actor,
        attachment: photo ? encodeAttachment(photo) : null,
        ...(author !== null && { photoOwner: { ...actor.actor, user: author } }),
        person,
        contestPlace: { findRole: roleFinder(event) },
        replyTarget: isContestCommand(command)
          ? contestActor(asked).replyTarget
          : encodeReplyContext({
              ...place,
              isSpoiler: photo?.isSpoiler ?? false,
              ...photosAt(photos, 1),
            }),
        event: `interaction:${event.id}`,
        answersFirst: true,
      });
      return answer.kind === 'contest'
        ? await contestReply(answer.view, { words, blobs, event })
        : replyTo(answer, { words, clock });
    };
    const named = commandNamed(typedIn(event.data).name);
    const defers = event.data.type === menuType || (named && isRender(named)) ? 'never' : 'late';
    await answers.replyEphemeral(event, { words, work, defers });
  };
