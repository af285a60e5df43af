import type { ContestView } from '../../domain/contest/view.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { pageOf } from '../shared/contest-page.ts';
import type { Answers } from './answers.ts';
import { openDirectChannel } from './direct-channel.ts';
import type { SlackPlace } from './place.ts';
import { asText } from './plain-text.ts';
import { isStopping } from './stopping.ts';
import type { Tenants } from './tenants.ts';
import type { Uploads } from './uploads.ts';
import { slackWords } from './words.ts';

/** Films that make it larger are stills in it. */
const mostPageBytes = 20_000_000;

/**
 * Sends the page that goes with what somebody sees to them alone, as a file; nothing where none does.
 * @throws GramzoomError `stopping`
 */
export type SendPage = (view: ContestView, place: SlackPlace) => Promise<void>;

export const createSendPage =
  ({
    tenants,
    answers,
    uploads,
    blobs,
  }: {
    readonly tenants: Pick<Tenants, 'clients'>;
    readonly answers: Pick<Answers, 'problem' | 'replyEphemeral'>;
    readonly uploads: Pick<Uploads, 'share'>;
    readonly blobs: Blobs;
  }): SendPage =>
  async (view, place) => {
    const { locale } = place;
    const words = wordsFor(locale);
    try {
      const page = await pageOf(view, { blobs, locale, maxBytes: mostPageBytes });
      if (!page) return;
      const channel = await openDirectChannel(tenants, place);
      const direct = { ...place, channel, thread: null, isDirect: true, isOwnThread: false };
      const { name, file: bytes } = page;
      const text = asText(slackWords(words).pageSent);
      await uploads.share(direct, {
        file: { name, title: name, alt: null, bytes },
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
      });
    } catch (error) {
      if (isStopping(error)) throw error;
      await answers.replyEphemeral(place, answers.problem(error, words));
    }
  };
