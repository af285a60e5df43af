import type { CommandAnswer } from '../../../commands/command.ts';
import { parseCommandLine } from '../../../commands/command-line.ts';
import { commands } from '../../../commands/index.ts';
import type { CommandName } from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/job.ts';
import { en } from '../../messages/en.ts';
import { asInForms } from '../../messages/page-words.ts';
import type { LiveRooms } from './live-rooms.ts';
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

/** What the bot says to a command; null where the messages about a render say it already. */
const wordsOf = (answer: CommandAnswer): string | null => {
  switch (answer.kind) {
    case 'queued':
      return null;
    case 'cancelled':
      return en.commandWords.cancelled(answer.render);
    case 'line':
      return en.commandWords.line(answer.line);
    case 'mine':
      return en.commandWords.mine(answer.renders);
    case 'help':
      return en.commandWords.help(answer.commands, {
        networks: answer.networks,
        maxWork: answer.maxWork,
        ...asInForms,
      });
    default:
      return answer satisfies never;
  }
};

/**
 * Takes what was written: a command, a photo (which is `/gramzoom`, whatever stands beside it) or just words.
 * @throws GramzoomError what is wrong with it; the room is then as it was
 */
export type TakeLine = (actor: Origin, line: TypedLine) => Promise<void>;

export const createTakeLine = ({
  rooms,
  submissions,
}: {
  readonly rooms: LiveRooms;
  readonly submissions: Submissions;
}): TakeLine => {
  const answer = async (
    actor: Origin,
    name: Exclude<CommandName, 'gramzoom'>,
    order: TypedLine,
  ): Promise<void> => {
    if (order.photo) throw new GramzoomError('body-invalid', { problem: `/${name} takes no photo` });
    const replyTarget = replyIn(actor.server);
    const words = await submissions.say(actor, { text: order.text }, async (renders) =>
      wordsOf(await commands[name].run(order.options, { renders, actor, attachment: null, replyTarget })),
    );
    if (words === null) return;
    await rooms.append({ room: actor.server, thread: null, said: { kind: 'words', text: words }, key: null });
  };

  return async (actor, { text: written, photo, options }) => {
    const text = written.trim();
    const typed = parseCommandLine(text);
    if (typed && typed.command !== 'gramzoom') {
      await answer(actor, typed.command, { text, photo, options: typed.options });
    } else if (typed || photo || text === '' || Object.keys(options).length > 0) {
      const all = { ...options, ...typed?.options };
      await submissions.render(actor, { photo, options: all, text: typed ? '' : text });
    } else {
      await submissions.say(actor, { text }, async () => {});
    }
  };
};
