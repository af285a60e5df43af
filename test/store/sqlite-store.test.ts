import { openStore } from '../../src/store/open-store.ts';
import { describeStore } from '../contract/store.ts';
import { createTempFolder } from '../support/temp-folder.ts';

describeStore('the store in SQLite', async (options) => {
  const { store } = await openStore(await createTempFolder(), options);
  return store;
});
