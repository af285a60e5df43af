import type { Renders } from '../../app/renders.ts';
import type { JobId } from '../../domain/job.ts';
import type { RoomMessage } from '../../ports/room-log.ts';

/** So many renders are remembered: who asked for one never changes. */
const most = 5_000;

/** Whose renders messages are about: what only they may do is shown to nobody else. */
export type Owners = {
  /** Whether a person may end the render that a message is about. */
  owns(person: string | null, message: RoomMessage): Promise<boolean>;
};

export const createOwners = (renders: () => Pick<Renders, 'view'>): Owners => {
  const known = new Map<JobId, string>();

  const ownerOf = async (id: JobId): Promise<string | undefined> => {
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    const origin = (await renders().view(id))?.origin;
    if (origin?.platform !== 'web') return undefined;
    known.set(id, origin.user);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return origin.user;
  };

  return {
    owns: async (person, { said }) =>
      person !== null && said.kind === 'render' && (await ownerOf(said.content.render)) === person,
  };
};
