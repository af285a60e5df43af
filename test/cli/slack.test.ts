import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../support/command-line.ts';

const manifest = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const ran = await runCommandLine(['slack', 'manifest', ...args], { environment });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ran.stdout);
};

describe('gramzoom slack manifest', () => {
  it('prints an app for Socket Mode, which needs no address', async () => {
    const printed = await manifest([]);
    expect(printed.settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
    });
    expect(JSON.stringify(printed)).not.toContain('://');
  });

  it('lets other workspaces install the app where PUBLIC_URL is one that Slack takes', async () => {
    const https = await manifest([], { PUBLIC_URL: 'https://zoom.example.org' });
    expect(https.oauth_config.redirect_urls).toEqual(['https://zoom.example.org/slack/oauth_redirect']);
    expect(https.settings.socket_mode_enabled).toBe(true);
    const http = await manifest([], { PUBLIC_URL: 'http://zoom.example.org' });
    expect(http.oauth_config).not.toHaveProperty('redirect_urls');
  });

  it('has all requests sent to the address of --http', async () => {
    const { settings, features, oauth_config } = await manifest(['--http', 'https://zoom.example.org/']);
    const events = 'https://zoom.example.org/slack/events';
    expect(settings).toMatchObject({
      ...{ socket_mode_enabled: false, event_subscriptions: { request_url: events } },
      interactivity: { request_url: events },
    });
    expect(features.slash_commands).toMatchObject([{ url: events }, { url: events }, { url: events }]);
    expect(oauth_config.redirect_urls).toEqual(['https://zoom.example.org/slack/oauth_redirect']);
  });

  it.each(['http://zoom.example.org', 'https://zoom.example.org/bot'])(
    'refuses an address that Slack does not take: %j',
    async (address) => {
      const ran = await runCommandLine(['slack', 'manifest', '--http', address]);
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toMatch(/^--http takes an address that begins with https:\/\/ .*\n$/);
    },
  );
});
