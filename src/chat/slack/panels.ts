import type { ModalView } from '@slack/types';
import QuickLRU from 'quick-lru';
import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import { within } from '../../concurrency/within.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Panel } from '../../messages/panel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { Answers } from './answers.ts';
import { notice } from './order-form.ts';
import { isWhole, type PicturesThere, panelBlocks } from './panel-blocks.ts';
import type { PanelPictures } from './panel-pictures.ts';
import { panelView, type ShownIn, waitingView } from './panel-view.ts';
import type { SlackPlace } from './place.ts';
import { asPlainText, escapeMrkdwn } from './plain-text.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';

/** A message is said once, and waits so long for its pictures. */
const picturesWithinMs = 8_000;
const mostViews = 5_000;

const noPictures: PicturesThere = new Map();
const goneCodes = ['not_found', 'view_not_found', 'hash_conflict', 'expired_trigger_id'] as const;

/** Shows people panels: in a form where one is open, else as messages that only they see. None of these throws. */
export interface Panels {
  /**
   * Opens a form in which a panel will be shown, since the key that opens it is good for 3 s at most.
   * @param options.key finds it again, also in a later process
   * @returns false where Slack does not open it
   */
  open(place: SlackPlace, options: { readonly triggerId: string; readonly key: string }): Promise<boolean>;
  /**
   * Shows a panel, at first with those pictures that are there already.
   * @param shownIn a form by its id or the key that it was opened with
   * @returns false where that form is not open (any more)
   */
  show(shownIn: ShownIn | { readonly key: string }, place: SlackPlace, panel: Panel): Promise<boolean>;
  /** Puts another view into a form. @returns false where that is not open (any more) */
  put(at: { readonly key: string }, place: SlackPlace, view: ModalView): Promise<boolean>;
  /** Says something above the panel, or in the form that still waits for one. */
  say(
    shownIn: ShownIn | { readonly key: string },
    place: SlackPlace,
    options: { readonly text: string; readonly triggerId: string },
  ): Promise<void>;
}

export const createPanels = ({
  tenants,
  answers,
  pictures,
  clock,
  log,
}: {
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly answers: Pick<Answers, 'replyEphemeral'>;
  readonly pictures: PanelPictures;
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
}): Panels => {
  // What was asked for later is shown later.
  const turns = new KeyedMutex();
  /** What each form shows: pictures that come late are not put into the next panel. */
  const shown = new QuickLRU<string, Panel>({ maxSize: mostViews });
  /** Ids of forms, by the keys that they were opened with: whoever uses a form names its id. */
  const ids = new QuickLRU<string, string>({ maxSize: mostViews });
  let count = 0;

  type InView = Extract<ShownIn, { view: string }> | { readonly key: string };
  const nameOf = (at: InView): string => ('view' in at ? at.view : (ids.get(at.key) ?? at.key));
  const learnId = ({ key }: { readonly key: string }, id: string | undefined): void => {
    if (id === undefined || ids.has(key)) return;
    const panel = shown.get(key);
    ids.set(key, id);
    if (panel) shown.set(id, panel);
  };

  /** False where the form is gone. */
  const update = async (at: InView, place: SlackPlace, view: ModalView): Promise<boolean> => {
    const which = 'view' in at ? { view_id: at.view } : { external_id: at.key };
    try {
      const { answers: client } = await tenants.clients(place.tenant);
      const isNamed = 'key' in at;
      const updated = await client.views.update({
        ...which,
        view: { ...view, ...(isNamed && { external_id: at.key }) },
      });
      if (isNamed) learnId(at, updated.view?.id);
      return true;
    } catch (error) {
      if (!isError(error, ...goneCodes)) log.warn('slack: failed to show a panel in its form', { error });
      return false;
    }
  };

  const nextNonce = (): string => {
    count += 1;
    return `${clock.wallTime().toString(36)}-${count}`;
  };

  const draw = async (
    at: InView,
    place: SlackPlace,
    panel: Panel,
    there: PicturesThere,
  ): Promise<boolean> => {
    const words = wordsFor(place.locale);
    const view = (files: PicturesThere) =>
      panelView(panel, { words, metadata: { place }, pictures: files, nonce: nextNonce() });
    const isShown = await update(at, place, view(there));
    // A picture that Slack has taken away is no reason to show nothing.
    return isShown || (there.size > 0 && (await update(at, place, view(noPictures))));
  };

  const showInView = async (at: InView, place: SlackPlace, panel: Panel): Promise<boolean> => {
    shown.set(nameOf(at), panel);
    const there = pictures.there(place, panel);
    const inTurn = <T>(work: () => Promise<T>): Promise<T | true> =>
      turns.run(nameOf(at), async () => (shown.get(nameOf(at)) === panel ? await work() : true));
    if (!(await inTurn(() => draw(at, place, panel, there)))) return false;
    if (isWhole(panel, there)) return true;
    const all = await pictures.load(place, panel);
    if (all.size > there.size) await inTurn(() => draw(at, place, panel, all));
    return true;
  };

  const showAsMessage = async (
    { responseUrl, replaces }: Extract<ShownIn, { replaces: boolean }>,
    place: SlackPlace,
    panel: Panel,
  ): Promise<true> => {
    const loading = pictures.load(place, panel);
    const otherwise = pictures.there(place, panel);
    const files = await within(loading, { clock, ms: picturesWithinMs, otherwise });
    const blocks = panelBlocks(panel, { pictures: files, nonce: nextNonce() });
    const text = asPlainText([panel.title, ...panel.lines].join('\n'));
    await answers.replyEphemeral(place, { text: escapeMrkdwn(text), blocks }, { responseUrl, replaces });
    return true;
  };

  const isInView = (at: ShownIn | { readonly key: string }): at is InView => 'view' in at || 'key' in at;

  return {
    open: async (place, { triggerId, key }) => {
      const view = {
        ...waitingView({ words: wordsFor(place.locale), metadata: { place } }),
        external_id: key,
      };
      try {
        const { once } = await tenants.clients(place.tenant);
        const opened = await once.views.open({ trigger_id: triggerId, view });
        learnId({ key }, opened.view?.id);
        return true;
      } catch (error) {
        if (!isError(error, ...goneCodes)) log.warn('slack: failed to open a form for a panel', { error });
        return false;
      }
    },
    show: (at, place, panel) =>
      isInView(at) ? showInView(at, place, panel) : showAsMessage(at, place, panel),
    put: (at, place, view) => turns.run(nameOf(at), () => update(at, place, view)),
    say: async (at, place, { text, triggerId }) => {
      const words = wordsFor(place.locale);
      const view = notice(asPlainText(text), words);
      if (!isInView(at)) return await answers.replyEphemeral(place, text, { responseUrl: at.responseUrl });
      if ('key' in at) {
        if (!(await update(at, place, view))) await answers.replyEphemeral(place, text);
        return;
      }
      try {
        const { once } = await tenants.clients(place.tenant);
        await once.views.push({ trigger_id: triggerId, view });
      } catch {
        await answers.replyEphemeral(place, text);
      }
      // A menu goes on to show what was chosen in vain, until it is drawn under another id.
      const panel = shown.get(nameOf(at));
      if (panel) await showInView(at, place, panel);
    },
  };
};
