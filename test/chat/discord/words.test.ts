import { Locale } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { plainText } from '../../../src/chat/discord/plain-text.ts';
import { discordWords } from '../../../src/chat/discord/words.ts';
import { en } from '../../../src/messages/en.ts';
import { languages } from '../../../src/messages/languages.ts';

describe.each(Object.entries(languages))('what is said on Discord alone (%s)', (language, words) => {
  it('is there in each language of the bot', () => {
    expect(discordWords(words) === discordWords(en)).toBe(language === 'en');
  });

  it('is in a language that Discord knows by that name', () => {
    expect(language === 'en' || Object.values<string>(Locale).includes(language)).toBe(true);
  });

  it('tells how to begin, within one message', () => {
    const start = discordWords(words).start(words);
    const help = words.commandWords.help(Object.values(commands), {
      ...{ topic: 'start', networks: [], maxWork: 6, start },
    });
    for (const part of ['🎲', '❌', '✉️', 'Apps > Gramzoom', `/${words.commands.gramzoom.name}`]) {
      expect(help).toContain(part);
    }
    expect(plainText(help).length).toBeLessThan(2000);
  });
});
