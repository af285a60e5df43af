import type { CommandAnswer } from '../../../commands/command.ts';
import { parseCommandLine } from '../../../commands/command-line.ts';
import { commands } from '../../../commands/index.ts';
import { type SpokenNames, type SpokenOptions, spokenOptions } from '../../../commands/spoken-options.ts';
import type { Renders } from '../../app/renders.ts';
import {
  type CommandName,
  isContestCommand,
  type KindCommand,
  kindCommands,
} from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/job.ts';
import { defaultKind, type KindName, kindNames, kinds } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { asInForms, webPage } from '../../messages/page-words.ts';
import { answerText, panelText } from '../shared/answer-text.ts';
import { contestContext } from './contest-person.ts';
import { requireKnownHere } from './contest-start.ts';
import type { ShownPanel } from './html/panel.ts';
import type { ShowPanel } from './panels.ts';
import type { Form, RawOptions } from './read-form.ts';
import { replyIn } from './room-ref.ts';
import type { Submissions } from './submissions.ts';

/** What somebody wrote in the box: a line, a photo, and the options of the form beside it. */
export type TypedLine = {
  readonly text: string;
  readonly photo: Form['photo'];
  readonly options: RawOptions;
};

/** Who reads the answer. */
export type Reader = {
  /** What is for them alone is said in their language. */
  readonly words: ChatWords;
  /** IANA name of the zone that their browser is in; empty where it did not tell. */
  readonly zone: string;
};

/** What only the person sees who wrote it; nobody keeps it. */
export type PrivateAnswer = {
  /** The command that it answers; null where it was said for all to see. */
  readonly asked: string | null;
  readonly text: string;
  /** A line that a button under it sends: what it says more about, or asks to confirm. */
  readonly next: { readonly label: string; readonly line: string } | null;
  /** In the place of the text, which it says in words. */
  readonly panel?: ShownPanel;
};

const nextOf = (answer: CommandAnswer): PrivateAnswer['next'] => {
  if (answer.kind === 'forget' && !answer.isConfirmed) {
    return { label: en.erasure.confirm, line: '/forget confirm:yes' };
  }
  if (answer.kind !== 'help' || answer.topic !== 'start') return null;
  return { label: webPage.alone.moreHelp, line: '/help topic:options' };
};

const isKindCommand = (name: CommandName): name is KindCommand =>
  (kindCommands as readonly CommandName[]).includes(name);

const names: SpokenNames = {
  kinds: new Map(kindNames.map((kind) => [en.kinds[kind].command.name, kind])),
  fields: (kind) =>
    new Map(
      commands[kinds[kind].command].fields.flatMap(({ name }) => [
        [name, name],
        [en.kinds[kind].fields[name]?.name ?? name, name],
      ]),
    ),
};

/** What may be talk among people is no order, whatever is wrong with it. */
const orderIn = (text: string, usual: KindName): SpokenOptions | null => {
  try {
    const spoken = spokenOptions(text, names, { usual });
    return spoken.isOrder ? spoken : null;
  } catch {
    return null;
  }
};

/** Words that are about what the bot does. */
const isAboutFilms =
  /\b(?:gram)?zoom|\b(?:films?|gifs?|photos?|pictures?|images?|videos?|help|bot|how)\b|\?/i;

/**
 * Takes what was written: a command, a photo (to be rendered as the form or the words beside it say) or just words.
 * @throws GramzoomError what is wrong with it; the room is then as it was
 */
export type TakeLine = (actor: Origin, line: TypedLine, reader: Reader) => Promise<PrivateAnswer | null>;

/** An answer that is a panel. */
export const panelAnswer = (shown: ShownPanel, asked: string | null): PrivateAnswer => ({
  ...{ asked, text: panelText(shown.panel), next: null, panel: shown },
});

export const createTakeLine = ({
  submissions,
  showPanel,
}: {
  readonly submissions: Submissions;
  readonly showPanel: ShowPanel;
}): TakeLine => {
  const answer = async (
    actor: Origin,
    name: Exclude<CommandName, KindCommand>,
    { reader, ...order }: TypedLine & { readonly reader: Reader },
  ): Promise<PrivateAnswer | null> => {
    if (order.photo) throw new GramzoomError('body-invalid', { problem: `/${name} takes no photo` });
    const replyTarget = replyIn(actor.server);
    if (name === 'contest start') requireKnownHere(order.options);
    const known = isContestCommand(name) ? contestContext(actor, reader.zone) : {};
    const context = { actor, attachment: null, replyTarget, ...known };
    const run = (renders: Renders): Promise<CommandAnswer> =>
      commands[name].run(order.options, { ...context, renders });
    if (!commands[name].isPrivate) {
      await submissions.say(actor, { text: order.text }, run);
      return null;
    }
    const given = await run(submissions.renders());
    if (given.kind === 'contest') {
      return panelAnswer(showPanel(given.view, { room: actor.server, words: reader.words }), order.text);
    }
    const text = answerText(given, en, { ...asInForms, start: webPage.start });
    return text === null ? null : { asked: order.text, text, next: nextOf(given) };
  };

  /** Whoever has had a film here knows how it is done. */
  const hint = async (actor: Origin, text: string): Promise<PrivateAnswer | null> => {
    const isNew = (await submissions.renders().mine(actor)).length === 0;
    if (!isNew && !isAboutFilms.test(text)) return null;
    return { asked: null, text: webPage.photoWanted, next: null };
  };

  return async (actor, { text: written, photo, options: chosen }, reader) => {
    const text = written.trim();
    const typed = parseCommandLine(text);
    if (typed && !isKindCommand(typed.command)) {
      return answer(actor, typed.command, { text, photo, options: typed.options, reader });
    }
    const { kind: form = defaultKind, ...formOptions } = chosen;
    const usual = kindNames.find((kind) => kind === form) ?? defaultKind;
    const spoken = typed
      ? { kind: commands[typed.command].renderKind ?? usual, options: typed.options }
      : photo
        ? spokenOptions(text, names, { usual })
        : orderIn(text, usual);
    if (spoken || photo || text === '' || Object.keys(formOptions).length > 0) {
      const { kind, options } = spoken ?? { kind: form, options: {} };
      // What was chosen for another kind means nothing to this one.
      const kept = kind === form ? formOptions : {};
      const order = { photo, options: { ...kept, ...options, kind }, text: typed ? '' : text };
      const { entered } = await submissions.render(actor, order);
      if (!entered) return null;
      return panelAnswer(showPanel(entered, { room: actor.server, words: reader.words }), null);
    }
    await submissions.say(actor, { text }, async () => {});
    return hint(actor, text);
  };
};
