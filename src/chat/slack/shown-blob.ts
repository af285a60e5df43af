import type { BlobId } from '../../domain/job.ts';
import type { MessageAttachment } from '../../domain/message.ts';

/** What Slack shows in a block. */
const shownFormats: readonly string[] = ['gif', 'png', 'jpeg'];

/** The file of a film, or the picture that stands for it where nothing moves; null where Slack shows neither. */
export const shownBlob = (
  { blob, still, format }: Pick<MessageAttachment, 'blob' | 'still' | 'format'>,
  { moves }: { readonly moves: boolean },
): BlobId | null => {
  const film = shownFormats.includes(format) ? blob : null;
  return moves ? (film ?? still ?? null) : (still ?? film);
};
