import type { CommandAnswer } from '../../../commands/command.ts';
import { parseCommandLine } from '../../../commands/command-line.ts';
import { commands } from '../../../commands/index.ts';
import { type FieldNames, type SpokenOptions, spokenOptions } from '../../../commands/spoken-options.ts';
import type { Renders } from '../../app/renders.ts';
import type { CommandName } from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/job.ts';
import { allFields } from '../../domain/kinds.ts';
import { en } from '../../messages/en.ts';
import { asInForms, webPage } from '../../messages/page-words.ts';
import type { Form } from './read-form.ts';
import type { RawOptions } from './request-options.ts';
import { replyIn } from './room-ref.ts';
import type { Submissions } from './submissions.ts';

/** What somebody wrote in the box: a line, a photo, and the options of the form beside it. */
export type TypedLine = {
  readonly text: string;
  readonly photo: Form['photo'];
  readonly options: RawOptions;
};

/** What only the person sees who wrote it; nobody keeps it. */
export type PrivateAnswer = {
  /** The command that it answers; null where it was said for all to see. */
  readonly asked: string | null;
  readonly text: string;
  /** A line that a button under it sends: what it says more about, or asks to confirm. */
  readonly next: { readonly label: string; readonly line: string } | null;
};

/** What the bot says to a command; null where the messages about a render say it already. */
const wordsOf = (answer: CommandAnswer): string | null => {
  switch (answer.kind) {
    case 'queued':
    case 'cancelled':
      return null;
    case 'line':
      return en.commandWords.line(answer.line);
    case 'mine':
      return en.commandWords.mine(answer.renders);
    case 'forget': {
      const { everythingDone, everythingQuestion } = en.erasure;
      return answer.isConfirmed ? everythingDone(answer.count) : everythingQuestion(answer.count);
    }
    case 'help':
      return en.commandWords.help(answer.commands, { ...answer, ...asInForms, start: webPage.start });
    default:
      return answer satisfies never;
  }
};

const nextOf = (answer: CommandAnswer): PrivateAnswer['next'] => {
  if (answer.kind === 'forget' && !answer.isConfirmed) {
    return { label: en.erasure.confirm, line: '/forget confirm:yes' };
  }
  if (answer.kind !== 'help' || answer.topic !== 'start') return null;
  return { label: webPage.alone.moreHelp, line: '/help topic:options' };
};

/** Commands whose answers are nobody else's business, and so is that they were typed. */
const isPrivate = (command: CommandName): boolean =>
  command === 'help' || command === 'queue' || command === 'mine' || command === 'forget';

const fieldNames: FieldNames = new Map([
  ...allFields.map(({ name }) => [name, name] as const),
  ...Object.entries(en.fields).map(([field, { name }]) => [name, field] as const),
]);

/** What may be talk among people is no order, whatever is wrong with it. */
const orderIn = (text: string): SpokenOptions['options'] | null => {
  try {
    const { options, isOrder } = spokenOptions(text, fieldNames);
    return isOrder ? options : null;
  } catch {
    return null;
  }
};

/** Words that are about what the bot does. */
const isAboutFilms =
  /\b(?:gram)?zoom|\b(?:films?|gifs?|photos?|pictures?|images?|videos?|help|bot|how)\b|\?/i;

/**
 * Takes what was written: a command, a photo (which is `/gramzoom`, with the options among the words beside it) or
 * just words.
 * @throws GramzoomError what is wrong with it; the room is then as it was
 */
export type TakeLine = (actor: Origin, line: TypedLine) => Promise<PrivateAnswer | null>;

export const createTakeLine = ({ submissions }: { readonly submissions: Submissions }): TakeLine => {
  const answer = async (
    actor: Origin,
    name: Exclude<CommandName, 'gramzoom'>,
    order: TypedLine,
  ): Promise<PrivateAnswer | null> => {
    if (order.photo) throw new GramzoomError('body-invalid', { problem: `/${name} takes no photo` });
    const replyTarget = replyIn(actor.server);
    const context = { actor, attachment: null, replyTarget };
    const run = (renders: Renders): Promise<CommandAnswer> =>
      commands[name].run(order.options, { ...context, renders });
    if (!isPrivate(name)) {
      await submissions.say(actor, { text: order.text }, run);
      return null;
    }
    const given = await run(submissions.renders());
    const text = wordsOf(given);
    return text === null ? null : { asked: order.text, text, next: nextOf(given) };
  };

  /** Whoever has had a film here knows how it is done. */
  const hint = async (actor: Origin, text: string): Promise<PrivateAnswer | null> => {
    const isNew = (await submissions.renders().mine(actor)).length === 0;
    if (!isNew && !isAboutFilms.test(text)) return null;
    return { asked: null, text: webPage.photoWanted, next: null };
  };

  return async (actor, { text: written, photo, options }) => {
    const text = written.trim();
    const typed = parseCommandLine(text);
    if (typed && typed.command !== 'gramzoom') {
      return answer(actor, typed.command, { text, photo, options: typed.options });
    }
    const spoken = typed?.options ?? (photo ? spokenOptions(text, fieldNames).options : orderIn(text));
    if (spoken || photo || text === '' || Object.keys(options).length > 0) {
      await submissions.render(actor, { photo, options: { ...options, ...spoken }, text: typed ? '' : text });
      return null;
    }
    await submissions.say(actor, { text }, async () => {});
    return hint(actor, text);
  };
};
