import type { ThreadMemberFlags } from 'discord-api-types/v10';
import type { Core } from './core.ts';
import type { Channel, ThreadState } from './model.ts';

/** What only a thread has. */
export const threadFields = (core: Core, channel: Channel) => {
  const thread = channel.thread as ThreadState;
  const joined = thread.members.get(core.application.id);
  return {
    owner_id: thread.ownerId,
    rate_limit_per_user: 0,
    message_count: thread.sent,
    total_message_sent: thread.sent,
    member_count: Math.min(50, thread.members.size),
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: thread.archiveChangedAt,
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
    },
    ...(joined !== undefined && { member: threadMemberPayload(channel.id, core.application.id, joined) }),
  };
};

export const threadMemberPayload = (threadId: string, userId: string, joinedAt: string) => ({
  id: threadId,
  user_id: userId,
  join_timestamp: joinedAt,
  flags: 0 as ThreadMemberFlags,
});
