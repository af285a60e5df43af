import { onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { describeRoomLog } from '../contract/room-log.ts';
import { createTempFolder } from '../support/temp-folder.ts';

describeRoomLog("the rooms' log in SQLite", async (options) => {
  const { roomLog, close } = await openStore(await createTempFolder(), options);
  onTestFinished(close);
  return roomLog;
});
