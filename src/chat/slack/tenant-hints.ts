import { z } from 'zod';
import { optional, withoutNulls } from '../shared/lenient.ts';
import type { TenantHint } from './tenants.ts';

const id = optional(z.string());
const party = optional(z.object({ id, enterprise_id: id }));
/** A word in slash commands. */
const flag = optional(
  z.union([z.boolean(), z.literal(['true', 'false']).transform((text) => text === 'true')]),
);

const schema = z.object({
  authorizations: optional(
    z.array(z.object({ team_id: id, enterprise_id: id, is_enterprise_install: flag })),
  ),
  context_team_id: id,
  context_enterprise_id: id,
  team_id: id,
  enterprise_id: id,
  is_enterprise_install: flag,
  view: optional(z.object({ app_installed_team_id: id })),
  /** Null where an organisation installed it. */
  team: party,
  enterprise: party,
  user: optional(z.object({ team_id: id })),
  message: optional(z.object({ team: id, bot_id: id })),
});

/** In views of an organisation's bot its id stands where the workspace's does in others. */
const isOrganisation = (team: string): boolean => team.startsWith('E');

/**
 * Where a request may belong, the likeliest first. In channels that workspaces share, what is named as the team may be
 * the one of whoever did it: so what is said of the bot itself goes first.
 */
export const hintsOf = (body: unknown): readonly TenantHint[] => {
  const read = schema.parse(withoutNulls(body));
  const { authorizations: [authorization] = [], message } = read;
  if (authorization) {
    const named = [authorization.team_id, read.context_team_id, read.team_id];
    const teamId = named.find((team) => team !== undefined && !isOrganisation(team));
    const { enterprise_id: enterpriseId, is_enterprise_install: isEnterpriseInstall = false } = authorization;
    return [{ teamId, enterpriseId, isEnterpriseInstall }];
  }
  const enterpriseId =
    read.context_enterprise_id ?? read.enterprise_id ?? read.enterprise?.id ?? read.team?.enterprise_id;
  const isEnterpriseInstall = read.is_enterprise_install ?? false;
  const ofMessage = message?.bot_id === undefined ? undefined : message.team;
  const ofPerson = [read.team_id, read.team?.id, read.user?.team_id];
  const teams = [
    ...[read.context_team_id, read.view?.app_installed_team_id],
    // An organisation's bot writes in all its workspaces, and belongs to one of them.
    ...(isEnterpriseInstall ? [...ofPerson, ofMessage] : [ofMessage, ...ofPerson]),
  ];
  const known = [...new Set(teams.filter((team) => team !== undefined && !isOrganisation(team)))];
  return (known.length > 0 ? known : [undefined]).map((teamId) => ({
    ...{ teamId, enterpriseId, isEnterpriseInstall },
  }));
};
