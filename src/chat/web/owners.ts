import QuickLRU from 'quick-lru';
import type { Renders } from '../../app/renders.ts';
import type { JobId, Origin } from '../../domain/job.ts';
import type { RoomMessage } from '../../ports/room-log.ts';

/** So many renders are remembered: whose one is never changes once its photo is stored. */
const most = 5_000;

/** What of a render is somebody's: who asked for it, and whose photo it is, may do what others do not see. */
export type Ownership = { readonly render: boolean; readonly photo: boolean };
export const nobodys: Ownership = { render: false, photo: false };

/** Whose renders messages are about. */
export type Owners = {
  of(person: string | null, message: RoomMessage): Promise<Ownership>;
};

type People = { readonly render: string | null; readonly photo: string | null };
const userOf = ({ platform, user }: Origin): string | null => (platform === 'web' ? user : null);

export const createOwners = (renders: () => Pick<Renders, 'view'>): Owners => {
  const known = new QuickLRU<JobId, People>({ maxSize: most });

  const peopleOf = async (id: JobId): Promise<People | undefined> => {
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    const view = await renders().view(id);
    if (!view) return undefined;
    const people = { render: userOf(view.origin), photo: userOf(view.photoOwner) };
    if (view.state !== 'fetching') known.set(id, people);
    return people;
  };

  return {
    of: async (person, { said }) => {
      if (person === null || said.kind !== 'render' || said.content.subject.kind !== 'render') return nobodys;
      const people = await peopleOf(said.content.subject.id as JobId);
      return { render: people?.render === person, photo: people?.photo === person };
    },
  };
};
