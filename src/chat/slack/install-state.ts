import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** So long somebody may take to install the bot. */
export const stateSeconds = 600;

/** What goes to Slack and comes back, and what stays in the browser meanwhile. */
export type InstallState = { readonly state: string; readonly cookie: string };

const cookieShape = /^[\w-]{43}$/;
const stateShape = /^(\d{1,12})\.([\w-]{43})$/;

/**
 * Ties what comes back from Slack to the browser that began: only there is the cookie that the state was signed with,
 * so nobody can have somebody else's browser finish an installation of theirs. Nothing of it is stored.
 * @param key what installations are encrypted with; another key is derived from it
 */
export const createInstallStates = (key: Uint8Array) => {
  const secret = Buffer.from(hkdfSync('sha256', key, '', 'gramzoom slack install state', 32));
  const sign = (untilSeconds: number, cookie: string): Buffer =>
    createHmac('sha256', secret).update(`${untilSeconds}.${cookie}`).digest();

  return {
    /** @param nowMs of the machine's clock, since 1970 */
    create: (nowMs: number): InstallState => {
      const cookie = randomBytes(32).toString('base64url');
      const until = Math.floor(nowMs / 1000) + stateSeconds;
      return { cookie, state: `${until}.${sign(until, cookie).toString('base64url')}` };
    },
    /** Whether a state was made for that cookie, at most ten minutes ago. */
    isValid: ({ state, cookie }: InstallState, nowMs: number): boolean => {
      const [, until = '', signature = ''] = stateShape.exec(state) ?? [];
      if (signature === '' || !cookieShape.test(cookie) || Number(until) < nowMs / 1000) return false;
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(Number(until), cookie);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
};
