import { createPerson } from '../../discord/driver/person.ts';
import type { FakeDiscord } from '../../discord/fake-discord.ts';
import type { PageDeps } from '../page-server.ts';
import { act } from './page-actions.ts';
import { pageState } from './page-state.ts';

/** The page of a fake Discord. */
export const discordPage = (fake: FakeDiscord): PageDeps => ({
  folder: import.meta.url,
  state: ({ user = '', place = '' }) => pageState(fake, { userId: user, placeId: place }),
  act: async (form) => {
    const user = fake.core.users.get(String(form.get('user') ?? ''));
    if (!user || user.bot) throw new Error('nobody has that id');
    await act(fake, createPerson(fake.core, user), form);
  },
  onChange: fake.core.onChange,
});
