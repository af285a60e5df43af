import type { CommandAnswer } from '../../../commands/command.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Notation } from '../../messages/names.ts';
import type { Panel } from '../../messages/panel.ts';

/** A panel where nothing but words can be shown. */
export const panelText = ({ title, lines }: Pick<Panel, 'title' | 'lines'>): string =>
  [title, ...lines].join('\n');

/**
 * What a command answers, in words; null where the messages about a render say it.
 * @param notation.start how to begin there, for `/help`
 */
export const answerText = (
  answer: CommandAnswer,
  { commandWords, contestPanel, erasure }: Pick<ChatWords, 'commandWords' | 'contestPanel' | 'erasure'>,
  notation: Notation & { readonly start?: string },
): string | null => {
  switch (answer.kind) {
    case 'queued':
      return null;
    case 'cancelled':
      return commandWords.cancelled(answer.render);
    case 'contest':
      return panelText(contestPanel(answer.view, notation));
    case 'queue':
      return commandWords.queue(answer.queue, notation);
    case 'mine':
      return commandWords.mine(answer.renders, notation);
    case 'forget':
      return answer.isConfirmed
        ? erasure.everythingDone(answer.count)
        : erasure.everythingQuestion(answer.count, notation.writeCommand?.('forget'));
    case 'help':
      return commandWords.help(answer.commands, { ...answer, ...notation });
    default:
      return answer satisfies never;
  }
};
