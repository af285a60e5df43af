import type { MessageContent } from '../../domain/message.ts';
import { type Rank, ranks } from './rate-budget.ts';

/** How urgent it is that a message is said. */
export const rankOf = ({ body, isNotice }: Pick<MessageContent, 'body' | 'isNotice'>): Rank => {
  if (isNotice) return ranks.progress;
  switch (body.kind) {
    case 'result':
    case 'copy':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return ranks.final;
    case 'contest':
      return ranks.final;
    case 'fetching':
    case 'waiting':
    case 'running':
    case 'no-room':
      return ranks.answer;
    case 'progress':
      return ranks.progress;
    default:
      return body satisfies never;
  }
};
