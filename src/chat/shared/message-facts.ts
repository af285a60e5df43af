import type { MessageContent } from '../../domain/message.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { shortId } from './message-marks.ts';

/** What stands in small letters under a film and the pictures on its way: seed, network and parent; none elsewhere. */
export const factsOf = ({ body }: Pick<MessageContent, 'body'>, words: ChatWords): readonly string[] =>
  body.kind === 'result' || body.kind === 'progress'
    ? [words.seed(body.seed), body.network, ...(body.parent ? [words.parent(shortId(body.parent))] : [])]
    : [];
