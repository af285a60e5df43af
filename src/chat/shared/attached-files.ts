import { GramzoomError } from '../../domain/errors.ts';
import type { MessageAttachment, MessageBody, MessageContent } from '../../domain/message.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Blobs } from '../../ports/blobs.ts';

const altText = (body: MessageBody, about: string, { kinds }: ChatWords): string => {
  if (body.kind === 'progress') return kinds[body.renderKind].pictureAlt(about, body.progress);
  return 'renderKind' in body ? kinds[body.renderKind].alt(about) : about;
};

export type AttachedFile = {
  readonly attachment: MessageAttachment;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
  readonly bytes: Uint8Array;
};

/**
 * The files of a message.
 * @throws GramzoomError `result-expired`, `blob-damaged` for a film that is not there any more
 */
export const readAttached = async (
  { body, attachments }: Pick<MessageContent, 'body' | 'attachments'>,
  blobs: Pick<Blobs, 'get'>,
  words: ChatWords,
): Promise<readonly AttachedFile[]> => {
  const found: AttachedFile[] = [];
  for (const attachment of attachments) {
    const bytes = await blobs.get(attachment.blob);
    if (bytes) found.push({ attachment, alt: altText(body, attachment.alt, words), bytes });
    // A picture on the way that is gone is not missed; a film that was deleted is in no contest's gallery.
    else if (body.kind !== 'progress' && body.kind !== 'contest')
      throw new GramzoomError('result-expired', {});
  }
  return found;
};
