import type { Migration } from 'kysely/migration';
import * as rendersAndRooms from './0001-renders-and-rooms.ts';

/** Numbered steps by name. One that has been released is never changed: the next one goes on from it. */
export type Migrations = Readonly<Record<`${number}-${string}`, Migration>>;

export const migrations: Migrations = { '0001-renders-and-rooms': rendersAndRooms };
