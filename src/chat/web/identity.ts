import { randomInt } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Origin } from '../../domain/job.ts';
import { webPage } from '../../messages/page-words.ts';
import { personName, requireName, roomName } from './names.ts';

const cookieName = 'gramzoom-name';
const aYearSeconds = 31_536_000;

/** The rooms of the page. Programs may name others: each is a server of its own. */
export const pageRooms = ['pumpkin-patch', 'cat-corner'] as const;

/** Who asks where neither the request nor a cookie says it. */
const anybody = 'guest';

/** Headers carry bytes: most programs mean UTF-8 by them. */
const headerText = (value: string | undefined): string | undefined => {
  if (value === undefined || !/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
};

/** The name in the cookie; undefined if there is none. */
export const cookiePerson = (c: Context): string | undefined => personName(getCookie(c, cookieName));

/** Remembers a name. No script can read it, no other site can make a browser send it along with a form. */
export const rememberPerson = (c: Context, name: string, options: { readonly secure: boolean }): void => {
  setCookie(c, cookieName, name, {
    ...options,
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: aYearSeconds,
  });
};

/** A friendly name for whoever comes for the first time. */
export const newPersonName = (): string => {
  const { adjectives, animals } = webPage.name;
  return `${adjectives[randomInt(adjectives.length)]} ${animals[randomInt(animals.length)]} ${randomInt(10, 100)}`;
};

/**
 * Who asks, for the JSON interface: the form's fields, else the headers `user` and `server`, else the cookie.
 * @throws GramzoomError `body-invalid` for a name with nothing in it
 */
export const originOf = (c: Context, fields: ReadonlyMap<string, string>): Origin => {
  const user = fields.get('user') ?? headerText(c.req.header('user'));
  const server = fields.get('server') ?? headerText(c.req.header('server'));
  return {
    platform: 'web',
    user: user === undefined ? (cookiePerson(c) ?? anybody) : requireName(personName, user, 'user'),
    server: server === undefined ? pageRooms[0] : requireName(roomName, server, 'server'),
  };
};
