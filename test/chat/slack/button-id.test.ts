import { describe, expect, it } from 'vitest';
import {
  anyButton,
  type ButtonId,
  confirmingButton,
  decodeButton,
  encodeButton,
  isConfirming,
} from '../../../src/chat/slack/button-id.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { messageActions } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';

const render = renderSubject('Ab_3-xYz0123456789abcd');

describe('a button of Slack', () => {
  it('says by itself what it does, about which subject and in which message', () => {
    for (const action of messageActions) {
      for (const subject of [render, { kind: 'gallery', id: 'g-1' }]) {
        const button: ButtonId = { action, subject, role: 'final' };
        const fields = encodeButton(button);
        expect(fields.action_id).toMatch(anyButton);
        expect(decodeButton({ type: 'button', block_id: 'b', ...fields })).toEqual(button);
      }
    }
  });

  it('confirms a deletion only where it was made for that', () => {
    const everything = decodeButton(confirmingButton('everything'));
    const photo = decodeButton(confirmingButton({ photoOf: render.id as JobId }));
    expect(everything).toMatchObject({ action: 'forget' });
    expect(photo).toMatchObject({ action: 'delete-photo', subject: render });
    expect([everything, photo].map((button) => button && isConfirming(button))).toEqual([true, true]);
    expect(isConfirming({ role: 'final' })).toBe(false);
  });

  it.each([
    ['of another app', { action_id: 'approve', value: `${render.id}:final` }],
    ['of another version', { action_id: 'gz2:reroll', value: `${render.id}:final` }],
    ['with an action that there is not', { action_id: 'gz1:explode', value: `${render.id}:final` }],
    ['without a value', { action_id: 'gz1:reroll' }],
    ['without a role', { action_id: 'gz1:reroll', value: render.id }],
    ['about something that is no subject', { action_id: 'gz1:reroll', value: '../../etc:final' }],
  ])('is none of ours where it is one %s', (_, button) => {
    expect(decodeButton(button)).toBeUndefined();
  });
});
