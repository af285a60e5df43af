import type { Button } from '@slack/types';
import { actionTraits, type MessageAction } from '../../domain/message.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { encodeButton } from './button-id.ts';

const styles = { primary: 'primary', secondary: undefined, danger: 'danger' } as const;

/**
 * A button that does something with a subject.
 * @param options.role which of the subject's messages it stands under
 */
export const actionButton = (
  action: MessageAction,
  subject: Subject,
  { role, words }: { readonly role: string; readonly words: Pick<ChatWords, 'actions'> },
): Button => {
  const { emoji, look } = actionTraits[action];
  const style = styles[look];
  return {
    type: 'button',
    text: { type: 'plain_text', text: `${emoji} ${words.actions[action].label}`, emoji: true },
    ...(style && { style }),
    ...encodeButton({ action, subject, role }),
  };
};
