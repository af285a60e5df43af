import type { Pressed } from '../../app/renders.ts';
import type { JobId } from '../../domain/job.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { panelText } from './answer-text.ts';

/** What is said to whoever pressed a button. */
export type PressedAnswer = {
  readonly text: string;
  /** It is a question: whether the photo of that render is to be deleted with all that was made of it. */
  readonly asksAbout: JobId | null;
};

/** What came of a button, in words; null where a render answers. */
export const pressedAnswer = (
  pressed: Pressed,
  words: Pick<ChatWords, 'commandWords' | 'contestPanel' | 'deleted' | 'erasure'>,
): PressedAnswer | null => {
  switch (pressed.kind) {
    case 'queued':
    case 'followed':
      return null;
    case 'contest':
      return { text: panelText(words.contestPanel(pressed.view)), asksAbout: null };
    case 'cancelled':
      return { text: words.commandWords.cancelled(pressed.render), asksAbout: null };
    case 'removed':
      return { text: words.deleted, asksAbout: null };
    case 'erase-photo': {
      const { photoOf, isConfirmed, count } = pressed;
      return isConfirmed
        ? { text: words.erasure.photoDone(count), asksAbout: null }
        : { text: words.erasure.photoQuestion(count), asksAbout: photoOf };
    }
    default:
      return pressed satisfies never;
  }
};
