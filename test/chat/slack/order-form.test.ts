import { describe, expect, it } from 'vitest';
import { readViewRequest } from '../../../src/chat/slack/events.ts';
import { orderForm } from '../../../src/chat/slack/order-form.ts';
import {
  decodeMetadata,
  encodeMetadata,
  type OrderMetadata,
  photosToKeep,
} from '../../../src/chat/slack/order-metadata.ts';
import { valuesIn } from '../../../src/chat/slack/order-values.ts';
import type { SlackPlace } from '../../../src/chat/slack/place.ts';
import { kindNames, kinds } from '../../../src/domain/kinds.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import { languages } from '../../../src/messages/languages.ts';
import { fakeNetworkFacts } from '../../support/fake-networks.ts';

const place: SlackPlace = {
  ...{ tenant: 'T1', team: 'T1', channel: 'C1', thread: null, user: 'U1', locale: 'de-DE' },
  ...{ isDirect: false, isOwnThread: false },
};
const networks = { standard: 'pocket', all: fakeNetworkFacts };
const metadata: OrderMetadata = { place, kind: 'zoom', isWhole: false, message: null };

const formOf = (given: Partial<OrderMetadata>, values = {}, words = de) =>
  orderForm({ ...metadata, ...given }, { words, networks, maxFileBytes: 10_000_000, maxWork: 6, values });

const fieldsOf = (given: Partial<OrderMetadata>): readonly string[] =>
  formOf(given).blocks.flatMap(({ block_id: id = '' }) => id.match(/^option:(.*)/)?.[1] ?? []);

describe.each(kindNames)('the form of a kind: %s', (kind) => {
  it('has the common options first, and then all that the schema has', () => {
    const all = kinds[kind].fields.map(({ name }) => name);
    const common = ['size', 'frames', 'direction', 'quality'].filter((name) =>
      all.some((one) => one === name),
    );
    expect(fieldsOf({ kind })).toEqual(common);
    expect(fieldsOf({ kind, isWhole: true })).toEqual([...all, 'contest']);
  });

  it.each(Object.entries(languages))('has labels, hints and choices in each language (%s)', (_, words) => {
    const { blocks, title } = formOf({ kind, isWhole: true }, {}, words);
    expect(title.text).toBe(words.kinds[kind].label);
    for (const { name, choices } of kinds[kind].fields as readonly {
      name: string;
      choices?: readonly string[];
    }[]) {
      const block = JSON.stringify(blocks.find(({ block_id }) => block_id === `option:${name}`));
      const own = words.kinds[kind].fields[name] ?? words.fields[name as 'size'];
      expect(block.toLowerCase()).toContain(JSON.stringify(own.description).slice(1, -1).toLowerCase());
      if (name === 'network') continue;
      for (const choice of choices ?? []) expect(block).toContain(words.choices[name]?.[choice] ?? choice);
    }
  });
});

describe('the hint of an option', () => {
  it('says which numbers it takes, and reads well with and without line breaks', () => {
    const { blocks } = formOf({}, {}, en);
    const hintOf = (name: string) => {
      const block = blocks.find(({ block_id }) => block_id === `option:${name}`);
      return block && 'hint' in block ? block.hint?.text : undefined;
    };
    expect(hintOf('size')).toBe('Width and height in pixels; with aspect photo, the same area (64 to 512)');
    expect(hintOf('quality')).toMatch(
      /^How much time rendering may take\.\ndraft: .*\.\nstandard: .*\.\nfine: .*\.$/,
    );
  });
});

describe('what a form is filled in with', () => {
  it('is left out where Slack would not open the form with it', () => {
    expect(JSON.stringify(formOf({}, { size: 128 }))).toContain('"initial_value":"128"');
    expect(JSON.stringify(formOf({}, { size: 9999 }))).not.toContain('initial_value');
  });
});

describe('what was filled in', () => {
  it('is read as the schema takes it, numbers with a comma, too; what is blank is left out', () => {
    const values = {
      'option:duration': { duration: { type: 'number_input', value: '2,5' } },
      'option:size': { size: { type: 'number_input', value: '128' } },
      'option:maxBytes': { maxBytes: { type: 'plain_text_input', value: ' 1,5MB ' } },
      'option:direction': { direction: { type: 'static_select', selected_option: { value: 'out' } } },
      'option:seed': { seed: { type: 'number_input', value: null } },
      'option:fps': { fps: { type: 'number_input', value: ' ' } },
      'option:other': { other: { value: '1' } },
    };
    const { view } = readViewRequest({ user: { id: 'U1' }, view: { id: 'V1', state: { values } } });
    expect(valuesIn(view, 'zoom')).toEqual({ duration: 2.5, size: 128, maxBytes: '1,5MB', direction: 'out' });
  });
});

describe('what a form keeps', () => {
  it('comes back as it was, within what Slack takes, for as many photos as there are', () => {
    const long = {
      id: 'F0123456789',
      name: `"${'ü'.repeat(200)}"`,
      bytes: 9_999_999,
      url: 'https://files.example/x',
    };
    const photos = photosToKeep(Array.from({ length: 30 }, () => long));
    const responseUrl = `https://hooks.slack.com/commands/T0123456789/1234567890123/${'x'.repeat(24)}`;
    const kept = { ...metadata, responseUrl, message: { author: 'U2', hasThread: true, photos } };
    expect(photos).toHaveLength(10);
    expect(encodeMetadata(kept).length).toBeLessThan(3000);
    expect(decodeMetadata(encodeMetadata(kept))).toEqual(kept);
  });
});
