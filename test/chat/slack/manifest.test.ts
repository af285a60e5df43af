import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { createListeners } from '../../../src/chat/slack/listeners.ts';
import { botEvents, createManifest, type ManifestAddresses } from '../../../src/chat/slack/manifest.ts';
import { botScopes } from '../../../src/chat/slack/scopes.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const schemaFile = new URL('../../../../shared/specs/slack-manifest.schema.json', import.meta.url);
const origin = 'https://zoom.example.org';

const ways: readonly (readonly [string, ManifestAddresses])[] = [
  ['Socket Mode in one workspace', { http: null, install: null }],
  ['Socket Mode in many', { http: null, install: origin }],
  ['HTTP', { http: origin, install: origin }],
];

describe('the manifest', () => {
  it.skipIf(!existsSync(schemaFile)).each(ways)(
    "is what Slack's schema asks for, for %s (needs ../shared/specs/slack-manifest.schema.json)",
    (_, addresses) => {
      const ajv = new Ajv({ strict: false, allErrors: true });
      formats.default(ajv);
      const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
      validate(createManifest(addresses));
      expect(validate.errors).toBeNull();
    },
  );

  it('has one command for each kind of render and one for contests, and says what else each takes', () => {
    const { slash_commands } = createManifest({ http: null, install: null }).features;
    const others = 'reroll | cancel | queue | mine | forget | help | size:256';
    expect(slash_commands.map(({ command, usage_hint }) => [command, usage_hint])).toEqual([
      ['/gramzoom', others],
      ['/texture', others],
      ['/contest', 'start | status | entries | extend | close | cancel | hall | export'],
    ]);
  });

  it('asks for every scope that its events need', () => {
    const needed: Readonly<Record<string, string>> = {
      app_mention: 'app_mentions:read',
      channel_deleted: 'channels:read',
      file_deleted: 'files:read',
      group_deleted: 'groups:read',
      'message.im': 'im:history',
      reaction_added: 'reactions:read',
      reaction_removed: 'reactions:read',
    };
    const { bot_events } = createManifest({ http: null, install: null }).settings.event_subscriptions;
    const scopes = bot_events.flatMap((event) => needed[event] ?? []);
    expect(scopes).toHaveLength(Object.keys(needed).length);
    expect(scopes.filter((scope) => !(botScopes as readonly string[]).includes(scope))).toEqual([]);
  });

  it('asks for the scopes that the documentation explains, and for no others', () => {
    const page = readFileSync(new URL('../../../docs/slack.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split(/^## Scopes$/m);
    const rows = section.split(/^## /m)[0]?.match(/^\| `[^|]*/gm) ?? [];
    const explained = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, scope]) => scope));
    expect(explained.toSorted()).toEqual([...botScopes].toSorted());
  });
});

it('subscribes to exactly what the bot listens to', () => {
  const deps = { clock: createFakeClock(), renders: {}, tenants: {}, people: {}, answers: {}, log: {} };
  const { events, departures } = createListeners(deps as never);
  const heard = [...Object.keys(events), ...Object.keys(departures)].sort();
  expect(botEvents.map((event) => event.replace(/\..*$/, '')).sort()).toEqual(heard);
});
