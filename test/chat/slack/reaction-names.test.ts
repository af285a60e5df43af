import { expect, it } from 'vitest';
import { reactionKind } from '../../../src/chat/slack/reaction-names.ts';
import { isReactionToBot } from '../../../src/chat/slack/reactions.ts';

it.each([
  ['game_die', 'reroll'],
  ['x', 'end'],
  ['envelope', 'send'],
  ['envelope::skin-tone-3', 'send'],
  ['heart', undefined],
  ['constructor', undefined],
])('the emoji %s means %s', (name, kind) => {
  expect(reactionKind(name)).toBe(kind);
});

const event = {
  ...{ user: 'U1', reaction: 'game_die', item: { type: 'message', channel: 'C1', ts: '1.1' } },
  item_user: 'UBOT',
};

it.each([
  ['to a message of the bot', {}, true],
  ['to a message whose author Slack does not name', { item_user: undefined }, true],
  ["to somebody else's message", { item_user: 'U2' }, false],
  ['of the bot itself', { user: 'UBOT' }, false],
  ['with any other emoji', { reaction: 'heart' }, false],
  ['to a file', { item: { type: 'file' } }, false],
])('a reaction %s counts only where a person made it to what the bot said', (_, changes, counts) => {
  expect(isReactionToBot({ event_ts: '2.2', ...event, ...changes }, 'UBOT')).toBe(counts);
});
