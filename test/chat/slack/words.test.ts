import { describe, expect, it } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { asText } from '../../../src/chat/slack/plain-text.ts';
import { scopePurposes } from '../../../src/chat/slack/scopes.ts';
import { channelMembership } from '../../../src/chat/slack/slack-errors.ts';
import { slackNotation, slackWords } from '../../../src/chat/slack/words.ts';
import { en } from '../../../src/messages/en.ts';
import { type LanguageName, languages } from '../../../src/messages/languages.ts';

const now = Date.UTC(2026, 9, 31, 18, 38);

describe.each(Object.entries(languages))('what is said on Slack alone (%s)', (language, words) => {
  it('is there in each language of the bot', () => {
    expect(slackWords(words) === slackWords(en)).toBe(language === 'en');
  });

  it('tells how to begin, within one message', () => {
    const start = slackWords(words).start(words);
    const help = words.commandWords.help(Object.values(commands), {
      ...{ topic: 'start', networks: [], maxWork: 6, start },
      ...slackNotation(words, now),
    });
    expect(help).toContain(`/gramzoom ${words.commands.queue.name}: `);
    expect(help).toContain('/texture: ');
    for (const part of ['🎲', '❌', '✉️', '/gramzoom', 'Gramzoom']) expect(help).toContain(part);
    expect(asText(help).length).toBeLessThan(3000);
  });

  it('fits on the buttons and in the title of a form', () => {
    const { submit, close, closeNotice } = slackWords(words).form;
    const titles = Object.values(words.kinds).map(({ label }) => label);
    for (const text of [submit, close, closeNotice, ...titles]) expect(text.length).toBeLessThanOrEqual(24);
  });

  it('tells what the bot lacks, with what it is for and who can grant it', () => {
    const said = (...permissions: readonly string[]) =>
      words.errorSentence({ code: 'permissions-missing', data: { permissions } }, slackNotation(words, now));
    const scopes = said('files:write', 'a:scope');
    expect(scopes).toContain(
      `files:write (${scopePurposes['files:write'][language as LanguageName]}), a:scope`,
    );
    expect(scopes).toMatch(/: .*install.*\.$/);
    expect(said('files:write', channelMembership)).toBe(slackWords(words).inviteMe);
    expect(said()).not.toBe(scopes);
  });

  it('has moments that Slack shows in the time of whoever reads', () => {
    const queue = words.renderSentence(
      { kind: 'waiting', position: 2, total: 5, etaSeconds: 60 },
      slackNotation(words, now),
    );
    expect(asText(queue)).toContain(`<!date^${now / 1000 + 60}^{time}|18:39 UTC>`);
  });
});

describe('text where Slack reads its own notation', () => {
  it('calls nobody and links nothing', () => {
    expect(asText('<!channel> <@U1> a & b')).toBe('&lt;!channel&gt; &lt;@U1&gt; a &amp; b');
  });
});
