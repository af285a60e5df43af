import { describe, expect, it } from 'vitest';
import { hintsOf } from '../../../src/chat/slack/tenant-hints.ts';

const event = (authorization: object, fields: object = {}) => ({
  ...{
    type: 'event_callback',
    team_id: 'TSOURCE',
    enterprise_id: 'ESOURCE',
    event: { type: 'reaction_added' },
  },
  authorizations: [{ user_id: 'UBOT', is_bot: true, is_enterprise_install: false, ...authorization }],
  ...fields,
});

const press = (fields: object) => ({ type: 'block_actions', is_enterprise_install: false, ...fields });

describe('a request of Slack’s', () => {
  it.each([
    [
      'an event belongs to whoever is authorised, wherever it happened',
      event({ team_id: 'THOME', enterprise_id: 'EHOME' }),
      { teamId: 'THOME', enterpriseId: 'EHOME', isEnterpriseInstall: false },
    ],
    [
      'an event of an organisation that has installed the bot belongs to it, in the workspace where it happened',
      event({ team_id: null, enterprise_id: 'EHOME', is_enterprise_install: true }),
      { teamId: 'TSOURCE', enterpriseId: 'EHOME', isEnterpriseInstall: true },
    ],
    [
      'an event without authorisations belongs where its context says',
      { team_id: 'TSOURCE', context_team_id: 'THOME', context_enterprise_id: null },
      { teamId: 'THOME', enterpriseId: undefined, isEnterpriseInstall: false },
    ],
    [
      'a command says in words whether an organisation has installed the bot',
      { command: '/gramzoom', team_id: 'T1', enterprise_id: 'E1', is_enterprise_install: 'true' },
      { teamId: 'T1', enterpriseId: 'E1', isEnterpriseInstall: true },
    ],
    [
      'a form belongs where the bot that opened it is installed',
      { type: 'view_submission', team: { id: 'TOTHER' }, view: { app_installed_team_id: 'THOME' } },
      { teamId: 'THOME', enterpriseId: undefined, isEnterpriseInstall: false },
    ],
    [
      'a button under a message of a bot belongs to the workspace of that bot',
      press({ team: { id: 'TOTHER' }, message: { team: 'THOME', bot_id: 'B1' } }),
      { teamId: 'THOME', enterpriseId: undefined, isEnterpriseInstall: false },
    ],
    [
      'a shortcut on a message of a person belongs where it is used',
      { type: 'message_action', team: { id: 'THOME', enterprise_id: 'E1' }, message: { team: 'TOTHER' } },
      { teamId: 'THOME', enterpriseId: 'E1', isEnterpriseInstall: false },
    ],
    [
      'a button in an organisation, of which Slack names no team, belongs to the workspace of whoever pressed it',
      press({ team: null, enterprise: { id: 'E1' }, user: { team_id: 'T1' }, is_enterprise_install: true }),
      { teamId: 'T1', enterpriseId: 'E1', isEnterpriseInstall: true },
    ],
    [
      'a person whose team is their organisation is in no workspace that is known',
      press({ team: null, enterprise: { id: 'E1' }, user: { team_id: 'E1' }, is_enterprise_install: true }),
      { teamId: undefined, enterpriseId: 'E1', isEnterpriseInstall: true },
    ],
  ])('tells where it belongs: %s', (_which, body, hint) => {
    expect(hintsOf(body)[0]).toEqual(hint);
  });

  it('belongs to nobody else where somebody is authorised, whoever has installed the bot as well', () => {
    const hints = hintsOf(event({ team_id: 'THOME', enterprise_id: null }, { context_team_id: 'TSOURCE' }));
    expect(hints).toEqual([{ teamId: 'THOME', enterpriseId: undefined, isEnterpriseInstall: false }]);
  });

  it('may belong to the other workspaces that it names where the likeliest has not installed the bot', () => {
    const body = press({
      team: { id: 'T2' },
      user: { team_id: 'T3' },
      message: { team: 'T1', bot_id: 'B1' },
    });
    expect(hintsOf(body).map(({ teamId }) => teamId)).toEqual(['T1', 'T2', 'T3']);
  });

  it('belongs to nobody where it names nobody', () => {
    expect(hintsOf({})).toEqual([{ teamId: undefined, enterpriseId: undefined, isEnterpriseInstall: false }]);
  });
});
