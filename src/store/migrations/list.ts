import type { Migration } from 'kysely/migration';
import * as rendersAndRooms from './0001-renders-and-rooms.ts';
import * as eventsAndReactions from './0002-events-and-reactions.ts';
import * as folderTime from './0003-folder-time.ts';
import * as damagedRecords from './0004-damaged-records.ts';
import * as peopleAcrossServers from './0005-people-across-servers.ts';
import * as photoOwners from './0006-photo-owners.ts';
import * as superReactions from './0007-super-reactions.ts';
import * as askedBytes from './0008-asked-bytes.ts';
import * as subjectsAndCalendar from './0009-subjects-and-calendar.ts';
import * as leases from './0010-leases.ts';
import * as eventsAndInstallations from './0011-events-and-installations.ts';
import * as contests from './0012-contests.ts';

/** Numbered steps by name. One that has been released is never changed: the next one continues from it. */
export type Migrations = Readonly<Record<`${number}-${string}`, Migration>>;

export const migrations: Migrations = {
  '0001-renders-and-rooms': rendersAndRooms,
  '0002-events-and-reactions': eventsAndReactions,
  '0003-folder-time': folderTime,
  '0004-damaged-records': damagedRecords,
  '0005-people-across-servers': peopleAcrossServers,
  '0006-photo-owners': photoOwners,
  '0007-super-reactions': superReactions,
  '0008-asked-bytes': askedBytes,
  '0009-subjects-and-calendar': subjectsAndCalendar,
  '0010-leases': leases,
  '0011-events-and-installations': eventsAndInstallations,
  '0012-contests': contests,
};
