import { describe, expect, it } from 'vitest';
import type { ContestActor, Contests } from '../../../src/app/contests.ts';
import { draftMessage } from '../../../src/chat/slack/message-draft.ts';
import { slackWords } from '../../../src/chat/slack/words.ts';
import type { ContestId, EntryId } from '../../../src/domain/contest/contest.ts';
import { contestSubject } from '../../../src/domain/contest/contest.ts';
import type { ContestStep } from '../../../src/domain/contest/step.ts';
import { encodeStep } from '../../../src/domain/contest/step.ts';
import type { ContestView, EntryView } from '../../../src/domain/contest/view.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { en } from '../../../src/messages/en.ts';
import { elementsOf, type Json } from '../../support/block-kit.ts';
import { contestFacts, contestRules } from '../../support/contest-facts.ts';
import { fakeContests } from '../../support/fake-contests.ts';
import type { Person } from '../../support/slack/person.ts';
import { wordsOf } from '../../support/slack/place.ts';
import { createSlackBot, listeningOnSlack } from '../../support/slack-bot.ts';

const contest = 'contest-1' as ContestId;
const shown = { contest, facts: contestFacts() };

const status = (changes: Partial<Extract<ContestView, { kind: 'status' }>> = {}): ContestView => ({
  ...{ kind: 'status', ...shown, what: null, entries: [], ballot: [], isFollowing: false },
  ...{ rights: ['status', 'enter', 'vote', 'follow'], role: 'everyone', ...changes },
});

const entry = (number: number): EntryView => ({
  ...{ id: `entry-${number}` as EntryId, number, state: 'in', reason: null, by: null },
  ...{ render: `render-${number}` as JobId, isOwn: false, rank: null, picture: null },
});

const ballot = (isChanged = false): ContestView => ({
  ...{ kind: 'ballot', ...shown, facts: contestFacts({ phase: 'voting' }), entries: [entry(1), entry(2)] },
  ...{ page: 0, pages: 1, all: [entry(1), entry(2)], ranks: [isChanged ? 2 : null, null, null], isChanged },
});

const review: ContestView = {
  ...{
    kind: 'review',
    ...shown,
    entry: { ...entry(1), state: 'waiting' },
    position: 0,
    total: 1,
    waiting: 1,
  },
  ...{ reports: [], isBanned: false, doubts: [], done: null },
};

type Taken = { readonly step: ContestStep; readonly by: ContestActor & { readonly text?: string } };

/** A bot whose contests answer as they are told. */
const scene = async (
  contests: Partial<Contests> = {},
  options: Parameters<typeof listeningOnSlack>[0] = {},
) => {
  const made = await listeningOnSlack(options);
  const taken: Taken[] = [];
  const answers: { next: () => Promise<ContestView> } = { next: async () => status() };
  Object.assign(made.renders, {
    press: async () => ({ kind: 'contest', view: await answers.next() }),
    contests: {
      ...fakeContests,
      take: async (step: ContestStep, by: Taken['by']) => {
        taken.push({ step, by });
        made.fake.state.changed();
        return await answers.next();
      },
      ...contests,
    },
  });
  const { team, place, fake } = made;
  const content = {
    ...{ subject: contestSubject(contest), attachments: [], mentionsRequester: false },
    body: { kind: 'contest', post: { kind: 'announcement', contest: contestFacts() } },
    actions: ['enter', 'vote', 'status', 'follow'],
  } as const;
  const { botUser: user, bot } = team.installation;
  const at = { user: made.ann.id, locale: 'en-US' };
  const { text, blocks } = draftMessage(content, { place: at, role: 'announcement', now: 0 });
  const { ts } = fake.state.post(place.channel, { user, bot, text, blocks });
  return { ...made, taken, answers, announcement: place.message(ts)! };
};

/** What a form or a message offers, as the values that Slack gives back. */
const controlsIn = (blocks: Parameters<typeof wordsOf>[0]) =>
  blocks
    .flatMap(elementsOf)
    .flatMap(({ action_id, value, options = [] }) => [
      ...(value === undefined ? [] : [{ id: String(action_id), value: String(value) }]),
      ...(options as readonly Json[]).map((one) => ({ id: String(action_id), value: String(one['value']) })),
    ]);

const controlOf = (blocks: Parameters<typeof wordsOf>[0], step: ContestStep) => {
  const found = controlsIn(blocks).find(({ value }) => value.includes(encodeStep(step)));
  if (!found) throw new Error(`no ${encodeStep(step)} among ${JSON.stringify(controlsIn(blocks))}`);
  return found;
};

const use = (person: Person, step: ContestStep) => {
  const { id, value } = controlOf(person.modal!.view.blocks, step);
  return person.pressInModal(id, value);
};

const offers = ({ modal }: Person, step: ContestStep): boolean =>
  controlsIn(modal?.view.blocks ?? []).some(({ value }) => value.includes(encodeStep(step)));

const vote = { kind: 'rank', contest, entry: 'entry-2' as EntryId, rank: 1, page: 0 } as const;

describe('a button under a contest', () => {
  it('opens a form at once, which then shows what there is to see', async () => {
    const { fake, ann, answers, announcement } = await scene();
    const late = Promise.withResolvers<ContestView>();
    answers.next = () => late.promise;
    const pressing = ann.press(announcement, 'gz1:vote');
    await fake.waitFor('the form', () => ann.modal);
    expect(wordsOf(ann.modal!.view.blocks)).toContain(slackWords(en).form.waiting);
    late.resolve(ballot());
    await pressing;
    await fake.waitFor('the ballot', () => offers(ann, vote));
    expect(ann.ephemerals).toEqual([]);
    expect(fake.violations).toEqual([]);
  });

  it('answers with a message that only they see, where the form does not open', async () => {
    const { fake, ann, place, answers, announcement } = await scene();
    answers.next = async () => ballot();
    fake.faults.error('views.open', 'expired_trigger_id');
    await ann.press(announcement, 'gz1:vote');
    const answer = await fake.waitFor('the answer', () => ann.ephemerals[0]);
    expect(controlOf(answer.blocks, vote)).toBeDefined();
    expect(place.messages()).toHaveLength(1);
    // What is pressed there takes its place.
    answers.next = async () => ballot(true);
    const { id, value } = controlOf(answer.blocks, vote);
    await ann.press(answer, id, value);
    await fake.waitFor(
      'the changed one',
      () => !ann.ephemerals.includes(answer) && ann.ephemerals.length === 1,
    );
  });

  it('says in the form why it leads to nothing', async () => {
    const { fake, ann, answers, announcement } = await scene();
    answers.next = async () => {
      throw new GramzoomError('contest-phase', { phase: 'closed' });
    };
    await ann.press(announcement, 'gz1:enter');
    const sentence = en.errorSentence({ code: 'contest-phase', data: { phase: 'closed' } });
    await fake.waitFor('the reason', () => wordsOf(ann.modal?.view.blocks ?? []).includes(sentence));
  });
});

describe('the command to start a contest', () => {
  it('tells whoever may not at once, with no form to fill in', async () => {
    const { fake, ann, place } = await scene({
      requireStart: async () => {
        throw new GramzoomError('contest-right', { needs: 'moderator' });
      },
    });
    await ann.command('/contest', 'start', place);
    const sentence = en.errorSentence({ code: 'contest-right', data: { needs: 'moderator' } });
    await fake.waitFor('the reason', () => wordsOf(ann.modal?.view.blocks ?? []).includes(sentence));
    expect(ann.modal?.view.blocks.filter(({ type }) => type === 'input')).toEqual([]);
  });

  it('says also to whoever has said how that one runs already', async () => {
    const { fake, ann, place } = await scene({
      start: async () => {
        throw new GramzoomError('contest-running', { theme: 'Cats' });
      },
    });
    await ann.command('/contest', 'start theme:Dogs', place);
    await fake.waitFor('the reason', () => /already/.test(wordsOf(ann.modal?.view.blocks ?? [])));
    expect(ann.modal?.view.blocks.filter(({ type }) => type === 'input')).toEqual([]);
  });

  it('opens the form for whoever may', async () => {
    const asked: string[] = [];
    const { fake, ann, place } = await scene({
      requireStart: async ({ actor }) => void asked.push(actor.user),
    });
    await ann.command('/contest', 'start', place);
    await fake.waitFor('the form', () => ann.modal?.view.blocks.some(({ type }) => type === 'input'));
    expect(asked).toEqual([`${ann.team}/${ann.id}`]);
  });
});

describe('a control of a panel', () => {
  const opened = async (view: ContestView, options?: Parameters<typeof listeningOnSlack>[0]) => {
    const made = await scene({}, options);
    made.answers.next = async () => view;
    await made.ann.press(made.announcement, 'gz1:vote');
    await made.fake.waitFor('the panel', () => controlsIn(made.ann.modal?.view.blocks ?? []).length > 0);
    return made;
  };

  it('takes its step for whoever uses it, and shows what has come of it in the same form', async () => {
    const { fake, team, ann, place, taken, answers } = await opened(ballot());
    const { id, view } = ann.modal!;
    answers.next = async () => ballot(true);
    await use(ann, vote);
    await fake.waitFor('the new ballot', () => ann.modal?.view !== view);
    expect(ann.modal?.id).toBe(id);
    expect(taken).toHaveLength(1);
    expect(taken[0]).toMatchObject({
      step: vote,
      by: {
        actor: { platform: 'slack', server: team.id, user: `${team.id}/${ann.id}` },
        person: { name: 'ann', isOutsider: false, accountSince: null, memberSince: null, roles: [] },
        isModerator: false,
      },
    });
    expect(JSON.parse(taken[0]!.by.replyTarget.ref)).toMatchObject({ channel: place.id });
  });

  it('says on top of the form why it leads to nothing', async () => {
    const { fake, ann, answers } = await opened(ballot());
    const menus = () =>
      ann.modal!.view.blocks.flatMap(({ type, block_id: id }) => (type === 'actions' ? [id] : []));
    const before = menus();
    answers.next = async () => {
      throw new GramzoomError('contest-own-vote', {});
    };
    await use(ann, vote);
    const sentence = en.errorSentence({ code: 'contest-own-vote', data: {} });
    await fake.waitFor('the reason', () => wordsOf(ann.modal?.view.blocks ?? []).includes(sentence));
    await ann.closeModal();
    expect(offers(ann, vote)).toBe(true);
    // Slack would go on to show what was chosen in vain.
    await fake.waitFor('other menus', () => !menus().some((id) => before.includes(id)));
    expect(menus()).toHaveLength(before.length);
  });

  it('asks for the text that goes with it, and tells what is wrong with it while it is there', async () => {
    const { fake, ann, taken, answers } = await opened(review);
    const reject = { kind: 'reject', contest, entry: 'entry-1' as EntryId } as const;
    const panel = ann.modal!.id;
    await use(ann, reject);
    await fake.waitFor('the question', () => ann.modal?.id !== panel);
    answers.next = async () => {
      throw new GramzoomError('contest-not-in', {});
    };
    ann.fill({ answer: 'Not a cat.' });
    const { errors } = await ann.submit();
    expect(errors).toEqual({ answer: en.errorSentence({ code: 'contest-not-in', data: {} }) });
    answers.next = async () => ({ ...review, entry: null, total: 0, waiting: 0 }) as ContestView;
    expect((await ann.submit()).errors).toBeNull();
    await fake.waitFor('the panel', () => ann.modal?.id === panel && !offers(ann, reject));
    expect(taken.map(({ step, by }) => [step, by.text])).toEqual([
      [reject, 'Not a cat.'],
      [reject, 'Not a cat.'],
    ]);
  });

  it('counts as what it is for whom it is: a guest, an admin', async () => {
    const { fake, team, place, taken, announcement, answers } = await scene();
    answers.next = async () => ballot();
    const [guest, boss] = [team.person('gus', { isGuest: true }), team.person('boss', { isAdmin: true })];
    place.invite(guest, boss);
    for (const person of [guest, boss]) {
      await person.press(announcement, 'gz1:vote');
      await fake.waitFor('the panel', () => offers(person, vote));
      await use(person, vote);
    }
    await fake.waitFor('both', () => taken.length === 2);
    expect(taken.map(({ by }) => [by.isModerator, by.person.isOutsider])).toEqual([
      [false, true],
      [true, false],
    ]);
  });
});

describe('a step that was accepted', () => {
  it('is taken by the next process where this one ends before that, which shows it in the same form', async () => {
    const made = await scene();
    const { fake, ann, answers, announcement, folder, botToken, inbox, close } = made;
    answers.next = async () => ballot();
    await ann.press(announcement, 'gz1:vote');
    await fake.waitFor('the panel', () => offers(ann, vote));
    const { id } = ann.modal!;
    answers.next = async () => {
      throw new GramzoomError('stopping', {});
    };
    expect((await use(ann, vote)).hasFailed).toBe(false);
    await fake.waitFor('the step', () => made.taken.length === 1);
    expect(await inbox.pending('slack')).toHaveLength(1);
    await close();
    const next = await createSlackBot(fake, { botToken, folder });
    const again: Taken[] = [];
    Object.assign(next.renders, {
      contests: {
        ...fakeContests,
        take: async (step: ContestStep, by: Taken['by']) => {
          again.push({ step, by });
          return ballot(true);
        },
      },
    });
    await next.start();
    await fake.waitFor('the vote', () =>
      wordsOf(ann.modal?.view.blocks ?? []).includes('Your vote is saved'),
    );
    expect(ann.modal?.id).toBe(id);
    expect(again).toEqual(made.taken);
    await fake.waitFor('it is dealt with', async () => (await next.inbox.pending('slack')).length === 0);
  });
});

describe('a photo for a contest', () => {
  const cat = { name: 'cat.png', bytes: Buffer.from('a photo of a cat') };
  const choose: ContestView = {
    ...{ kind: 'choose', ...shown, films: [], left: 1 },
    facts: contestFacts({ rules: contestRules({ fixed: { size: 64, frames: null, network: null } }) }),
  };

  /** The form for a photo, opened from the panel. */
  const asked = async (contests: Partial<Contests> = {}) => {
    const made = await scene(contests);
    const { fake, ann, answers, chat, announcement } = made;
    Object.assign(chat, { openAttachment: async () => cat.bytes });
    answers.next = async () => choose;
    await ann.press(announcement, 'gz1:enter');
    const photoIn = () =>
      controlsIn(ann.modal?.view.blocks ?? []).find(({ value }) => value.includes('photo'));
    const control = await fake.waitFor('the panel', photoIn);
    const panel = ann.modal!.id;
    await ann.pressInModal(control.id, control.value);
    await fake.waitFor('the form', () => ann.modal?.id !== panel);
    ann.fill({ answer: [cat] });
    return { ...made, panel };
  };

  it('is rendered as the contest needs it and entered, which the panel under the form shows', async () => {
    const admitted: unknown[] = [];
    const made = await asked({
      admit: async (options) => void admitted.push(options),
      enter: async () => ({ kind: 'entered', ...shown, entry: entry(9), isNew: true }),
    });
    const { fake, team, ann, panel } = made;
    expect((await ann.submit()).errors).toBeNull();
    const [[, submission]] = await made.asked('submit');
    expect(submission).toMatchObject({
      origin: { user: `${team.id}/${ann.id}` },
      options: { kind: 'zoom', size: 64 },
      attachment: { name: 'cat.png' },
      event: expect.stringMatching(/^view:/),
      entrant: { actor: { user: `${team.id}/${ann.id}` } },
    });
    expect(admitted[0]).toMatchObject({ kind: 'zoom', size: 64 });
    expect(ann.modal?.id).toBe(panel);
    await fake.waitFor('that it is in', () => /No\. 9/.test(wordsOf(ann.modal?.view.blocks ?? [])));
  });

  it('is refused under its field where nobody can enter any more, and can be sent again', async () => {
    let isOver = true;
    const {
      ann,
      calls,
      asked: called,
    } = await asked({
      admit: async () => {
        if (isOver) throw new GramzoomError('contest-phase', { phase: 'voting' });
      },
    });
    const sentence = en.errorSentence({ code: 'contest-phase', data: { phase: 'voting' } });
    expect((await ann.submit()).errors).toEqual({ answer: sentence });
    expect(calls).toEqual([]);
    isOver = false;
    expect((await ann.submit()).errors).toBeNull();
    await called('submit');
  });

  it('is entered once by the next process where this one ends before it is asked for', async () => {
    const { fake, ann, renders, close, folder, botToken, inbox } = await asked({ admit: async () => {} });
    const before: unknown[] = [];
    const submit: typeof renders.submit = async (submission) => {
      before.push(submission);
      fake.state.changed();
      throw new GramzoomError('stopping', {});
    };
    Object.assign(renders, { submit });
    expect((await ann.submit()).errors).toBeNull();
    await fake.waitFor('that it is asked for', () => before.length === 1);
    expect(await inbox.pending('slack')).toHaveLength(1);
    await close();
    const next = await createSlackBot(fake, { botToken, folder });
    Object.assign(next.chat, { openAttachment: async () => cat.bytes });
    Object.assign(next.renders, { contests: { ...fakeContests, admit: async () => {} } });
    await next.start();
    const [[, after]] = await next.asked('submit');
    expect(after).toEqual(before[0]);
    await fake.waitFor('it is dealt with', async () => (await next.inbox.pending('slack')).length === 0);
    expect(next.calls.filter(([what]) => what === 'submit')).toHaveLength(1);
  });
});
