import type { EventInbox } from '../../ports/event-inbox.ts';

/**
 * One request of Slack's, by whichever transport. Slack delivers events again until they are acknowledged, and shows
 * people a failure where an interaction is not acknowledged within 3 s: so `accept` comes first, and what takes longer
 * after it.
 */
export type Delivery = {
  /** The same when it is delivered again. */
  readonly id: string;
  /** It was accepted by an earlier process, which died before it had been dealt with: there is nobody to acknowledge. */
  readonly isReplay: boolean;
  /**
   * Notes it durably, then acknowledges it: from then on it is dealt with, in this process or a later one. What is
   * never accepted is acknowledged by `refuse`, and leaves no trace.
   * @param response what Slack shows at once, such as `{ response_action: 'clear' }`
   * @returns false where it was accepted before: then there is nothing to do
   */
  accept(response?: object): Promise<boolean>;
  /** Acknowledges it without noting it: what was wrong in a form, or nothing that the bot deals with. */
  refuse(response?: object): Promise<void>;
};

/** One that is in the inbox and acknowledged: an event, or whatever an earlier process left. */
export const acceptedDelivery = (id: string, { isReplay }: Pick<Delivery, 'isReplay'>): Delivery => ({
  ...{ id, isReplay },
  accept: async () => true,
  refuse: async () => {},
});

/** An interaction that waits for its answer. */
export type OpenDelivery = Delivery & {
  /** Whether it is in the inbox by this delivery. */
  readonly isAccepted: () => boolean;
};

/**
 * One that its listener accepts or refuses. Where it cannot be noted Slack is told nothing, so that people see that it
 * failed.
 * @param options.answer tells Slack; must not throw
 */
export const openDelivery = (
  event: { readonly id: string; readonly body: string },
  { inbox, answer }: { readonly inbox: EventInbox; readonly answer: (response?: object) => Promise<void> },
): OpenDelivery => {
  let state: 'open' | 'accepted' | 'closed' = 'open';
  return {
    ...{ id: event.id, isReplay: false },
    isAccepted: () => state === 'accepted',
    accept: async (response) => {
      if (state !== 'open') return state === 'accepted';
      state = 'closed';
      if (!(await inbox.add('slack', event))) {
        await answer(response);
        return false;
      }
      state = 'accepted';
      await answer(response);
      return true;
    },
    refuse: async (response) => {
      if (state !== 'open') return;
      state = 'closed';
      await answer(response);
    },
  };
};
