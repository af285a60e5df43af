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
