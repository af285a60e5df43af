import { describe, expect, it } from 'vitest';
import { en } from '../../../src/messages/en.ts';
import { fakeNetworkFacts } from '../../support/fake-networks.ts';
import { openWebChat } from '../../support/web-chat.ts';

const pageOf = async (changes: Parameters<typeof openWebChat>[0] = {}): Promise<string> =>
  (await (await openWebChat(changes)).ask('/rooms/cats')).text();

describe('the form', () => {
  it('offers the networks that there are, with the size of those to be fetched, and what each depth is', async () => {
    const html = await pageOf();
    const optionsOf = (field: string) => {
      const [, list] = new RegExp(`<select id="option-${field}"[^>]*>(.*?)</select>`, 's').exec(html) ?? [];
      return [...(list ?? '').matchAll(/<option value="([^"]*)"[^>]*>([^<]*)</g)].map(([, ...both]) => both);
    };
    expect(optionsOf('network')).toEqual([
      ['', 'pocket (default)'],
      ['vgg19', 'vgg19 (80.1 MB to download first)'],
    ]);
    expect(optionsOf('depth')).toEqual([
      ['texture', 'texture'],
      ['', 'style (default)'],
      ['scene', 'scene'],
    ]);
    const [, help] = /<small id="help-option-depth">(.*?)<\/small>/s.exec(html) ?? [];
    expect([...(help ?? '').matchAll(/<span class="choice-line">([^<]*)</g)].map(([, line]) => line)).toEqual(
      [
        `texture: ${en.depths.texture}`,
        `style: ${en.depths.style}`,
        `scene: ${en.depths.scene} (with vgg19)`,
      ],
    );
    const completion = JSON.parse(/id="completion">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as {
      fields: { name: string; choices: string[] }[];
    }[];
    const choices = completion[0]?.fields.find(({ name }) => name === 'network')?.choices;
    expect(choices).toEqual(['pocket', 'vgg19']);
  });

  it('offers shapes and qualities, and says what each quality is and what happens without steps', async () => {
    const html = await pageOf();
    expect(html).toContain('>square (default)</option>');
    expect(html).toContain('<option value="photo" >photo</option>');
    expect(html).toContain('>standard (default)</option>');
    for (const [quality, sentence] of Object.entries(en.qualities)) {
      expect(html).toContain(`<span class="choice-line">${quality}: ${sentence}</span>`);
    }
    expect(html).toMatch(/name="steps" placeholder="1, 3 or 6 by quality"/);
    expect(html).toMatch(/name="duration" placeholder="frames \/ fps"/);
    const completion = /id="completion">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(completion).toContain('(1 to 40, default 1, 3 or 6 by quality)');
  });

  it('shows as the default the network that a request without one gets', async () => {
    const harness = await openWebChat();
    const all = fakeNetworkFacts.map((facts) => ({ ...facts, present: true }));
    const renders = { ...harness.renders, networks: async () => ({ standard: 'vgg19', all }) };
    const html = await pageOf({ useCases: renders });
    expect(html).toContain('>vgg19 (default)</option>');
    expect(html).toMatch(/<option value="pocket" *>pocket</);
  });
});
