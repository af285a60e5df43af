import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { describe, expect, it, vi } from 'vitest';
import { createPeople, unknownPerson } from '../../../src/chat/slack/people.ts';
import type { TenantClients, Tenants } from '../../../src/chat/slack/tenants.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const anna = { tenant: 'T1', team: 'T1', user: 'U1' };

const createWorld = (info: () => Promise<object>) => {
  const clock = createFakeClock();
  const asked = vi.fn(info);
  const answers = new WebClient();
  answers.users.info = async (...[options]) => ({ ok: true, ...(await asked.call(null)), asked: options });
  const tenants: Pick<Tenants, 'clients'> = {
    clients: async () => ({ answers }) as unknown as TenantClients,
  };
  const log = { warn: vi.fn() };
  return { clock, asked, log, people: createPeople({ tenants, clock, log }) };
};

const user = (fields: object) => async () => ({ user: { team_id: 'T1', locale: 'de-DE', ...fields } });

describe('what Slack tells of people', () => {
  it('is asked once in ten minutes, however many want to know', async () => {
    const { people, clock, asked } = createWorld(user({ is_admin: true }));
    const both = await Promise.all([people.of(anna), people.of(anna)]);
    expect(both).toEqual([
      { ...unknownPerson, locale: 'de-DE', isAdmin: true },
      { ...unknownPerson, locale: 'de-DE', isAdmin: true },
    ]);
    clock.advance(599_000);
    await people.of(anna);
    expect(asked).toHaveBeenCalledTimes(1);
    clock.advance(1_000);
    await people.of(anna);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is English and no admin where it takes too long, and known the next time', async () => {
    const answer = Promise.withResolvers<object>();
    const { people, clock } = createWorld(() => answer.promise);
    const early = people.of(anna, { withinMs: 700 });
    clock.advance(700);
    expect(await early).toEqual(unknownPerson);
    answer.resolve(await user({ is_owner: true })());
    expect(await people.of(anna)).toEqual({ ...unknownPerson, locale: 'de-DE', isAdmin: true });
    expect(clock.waiting).toBe(0);
  });

  it.each([
    [
      'the name that they chose',
      { profile: { display_name: 'Anna 🐈', real_name: 'Anna Example' } },
      'Anna 🐈',
    ],
    [
      'else their full name',
      { profile: { display_name: '', real_name: 'Anna Example' }, name: 'anna' },
      'Anna Example',
    ],
    ['else what they sign in with', { name: 'anna' }, 'anna'],
  ])('tells what they are called: %s', async (_, fields, name) => {
    const { people } = createWorld(user(fields));
    expect((await people.of(anna)).name).toBe(name);
  });

  it.each([
    ['an admin of another workspace', { team_id: 'T2', is_admin: true }, false],
    [
      'an admin of the organisation',
      { enterprise_user: { teams: ['T1'], is_admin: true }, team_id: 'E1' },
      true,
    ],
    ['somebody whose rights are not told', { is_admin: null }, false],
  ])('says who keeps order here: %s', async (_, fields, isAdmin) => {
    const { people } = createWorld(user(fields));
    expect(await people.of(anna)).toMatchObject({ name: null, locale: 'de-DE', isAdmin });
  });

  it.each([
    ['a guest of some channels', { is_restricted: true }, { isOutsider: true, isGone: false }],
    ['a guest of one channel', { is_ultra_restricted: true }, { isOutsider: true, isGone: false }],
    ['somebody of another workspace', { team_id: 'T2' }, { isOutsider: true, isGone: false }],
    ['a member', {}, { isOutsider: false, isGone: false }],
    ['somebody who has left', { deleted: true }, { isOutsider: false, isGone: true }],
  ])('says who belongs here: %s', async (_, fields, belongs) => {
    const { people } = createWorld(user(fields));
    expect(await people.of(anna)).toMatchObject(belongs);
  });

  it('tells the zone of their device', async () => {
    const { people } = createWorld(user({ tz: 'America/New_York' }));
    expect((await people.of(anna)).zone).toBe('America/New_York');
  });

  it('knows that nobody is there whom Slack does not find', async () => {
    const { people } = createWorld(async () => {
      const data = { ok: false, error: 'user_not_found' };
      throw new WebAPIPlatformError(data as never);
    });
    expect(await people.of(anna)).toEqual({ ...unknownPerson, isGone: true });
  });

  it('is asked for again a minute after it failed, with one line in the log', async () => {
    const { people, clock, asked, log } = createWorld(() => Promise.reject(new Error('missing_scope')));
    expect(await people.of(anna)).toEqual(unknownPerson);
    expect(await people.of({ ...anna, user: 'U2' })).toEqual(unknownPerson);
    expect(log.warn).toHaveBeenCalledTimes(1);
    clock.advance(60_000);
    await people.of(anna);
    expect(asked).toHaveBeenCalledTimes(3);
  });
});
