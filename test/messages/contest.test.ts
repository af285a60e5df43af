import { describe, expect, it } from 'vitest';
import { contestPhases } from '../../src/domain/contest/phase.ts';
import type { ContestPost } from '../../src/domain/contest/post.ts';
import { contestPostKinds } from '../../src/domain/contest/post.ts';
import { decodeStep, stepTexts } from '../../src/domain/contest/step.ts';
import type { ContestView } from '../../src/domain/contest/view.ts';
import type { JobId } from '../../src/domain/job.ts';
import type { ChatWords } from '../../src/messages/chat-words.ts';
import { de } from '../../src/messages/de.ts';
import { en } from '../../src/messages/en.ts';
import { languages } from '../../src/messages/languages.ts';
import type { Notation } from '../../src/messages/names.ts';
import type { Panel } from '../../src/messages/panel.ts';
import { contestFacts, contestRules } from '../support/contest-facts.ts';
import { ballotOf, entryOf, everyFacts, postExamples, scoreOf, viewExamples } from './contest-examples.ts';

const posts: readonly ContestPost[] = Object.values(postExamples).flat();
const views: readonly ContestView[] = Object.values(viewExamples).flat();

const say = (words: ChatWords, post: ContestPost, notation?: Notation): string =>
  words.renderSentence({ kind: 'contest', post }, notation);

/** Everything that somebody can read of a panel. */
const textsOf = ({ title, lines, pictures, controls }: Panel): readonly string[] => [
  title,
  ...lines,
  ...pictures.flatMap(({ alt, caption }) => [alt, caption]),
  ...controls
    .flat()
    .flatMap((control) => [
      control.label,
      ...(control.kind === 'menu' ? control.options.map(({ label }) => label) : []),
      ...(control.kind === 'button' && control.text ? [control.text.title, control.text.label] : []),
    ]),
];

const expectWords = (text: string): void => {
  expect(text.trim()).not.toBe('');
  expect(text).not.toMatch(/undefined|null|NaN|\[object|Invalid/);
};

const stepsOf = ({ controls }: Panel): readonly string[] =>
  controls.flat().flatMap((control) => {
    if (control.kind === 'button') return [control.step];
    return control.kind === 'menu' ? control.options.map(({ step }) => step) : [];
  });

describe.each(Object.entries(languages))(
  'what is said about contests (%s)',
  (_language, words: ChatWords) => {
    it('has words for every post there is, short enough for a message', () => {
      expect(Object.keys(postExamples).sort()).toEqual([...contestPostKinds].sort());
      for (const post of posts) {
        const text = say(words, post);
        for (const line of text.split('\n').filter((each) => each !== '')) expectWords(line);
        expect(text).toBe(text.trim());
        // Discord's limit, with room for what a platform adds.
        expect(text.length).toBeLessThan(1900);
      }
    });

    it('has a panel for every view there is, with nothing blank in it', () => {
      for (const view of views) {
        const panel = words.contestPanel(view);
        for (const text of textsOf(panel)) expectWords(text);
        expect(panel.lines.join('\n').length).toBeLessThan(2000);
      }
    });

    it('offers no more than every platform can show, and only steps that can be taken', () => {
      for (const view of views) {
        const panel = words.contestPanel(view);
        expect(panel.controls.length).toBeLessThanOrEqual(5);
        for (const row of panel.controls) {
          expect(row.length).toBeGreaterThan(0);
          expect(row.length).toBeLessThanOrEqual(row.some(({ kind }) => kind === 'menu') ? 1 : 5);
          for (const control of row) {
            expect(control.label.length).toBeLessThanOrEqual(80);
            if (control.kind !== 'menu') continue;
            expect(control.options.length).toBeGreaterThan(0);
            expect(control.options.length).toBeLessThanOrEqual(25);
            for (const { label } of control.options) expect(label.length).toBeLessThanOrEqual(80);
            expect(control.options.filter(({ isChosen }) => isChosen).length).toBeLessThanOrEqual(1);
          }
        }
        const steps = stepsOf(panel);
        for (const step of steps) {
          expect(decodeStep(step), step).toBeDefined();
          expect(step.length).toBeLessThanOrEqual(80);
        }
        // Discord refuses a message with the same id twice, and a menu with the same value twice.
        expect(new Set(steps).size).toBe(steps.length);
      }
    });

    it('asks for a reason with each step that takes one, and with no other', () => {
      const buttons = views.flatMap((view) => words.contestPanel(view).controls.flat());
      const asked = new Set<string>();
      for (const button of buttons) {
        if (button.kind !== 'button') continue;
        const { kind } = decodeStep(button.step)!;
        expect(button.text !== undefined, kind).toBe(Object.hasOwn(stepTexts, kind));
        if (!button.text) continue;
        asked.add(kind);
        expect(button.text).toMatchObject({ mostLetters: 500, isRequired: true });
        // Of Discord's forms: 45 letters each.
        expect(button.text.title.length).toBeLessThanOrEqual(24);
        expect(button.text.label.length).toBeLessThanOrEqual(45);
      }
      expect([...asked].sort()).toEqual(Object.keys(stepTexts).sort());
    });

    it('tells nobody how the votes stand before the end', () => {
      const points = /points?\b|Punkte?\b/;
      for (const phase of contestPhases.filter((each) => each !== 'closed')) {
        for (const facts of everyFacts.filter((each) => each.phase === phase)) {
          const announced = say(words, { kind: 'announcement', contest: facts });
          expect(announced.split('\n').filter((line) => points.test(line) && !line.startsWith('•'))).toEqual(
            [],
          );
        }
      }
      for (const view of views.filter(({ kind }) => kind !== 'hall' && kind !== 'export')) {
        for (const text of textsOf(words.contestPanel(view))) expect(text).not.toMatch(points);
      }
    });

    it('names nobody whom a view does not name', () => {
      const ballot = words.contestPanel(ballotOf(12));
      expect(textsOf(ballot).join('\n')).not.toMatch(/Person|u1\b/);
      const shown = {
        kind: 'show',
        contest: ballotOf(1).contest,
        facts: contestFacts(),
        canReport: true,
      } as const;
      const named = entryOf(7, { by: { user: 'u7', name: 'Person 7' } });
      expect(textsOf(words.contestPanel({ ...shown, entry: entryOf(7) })).join('\n')).not.toContain('Person');
      expect(words.contestPanel({ ...shown, entry: named }).title).toContain('Person 7');
    });

    it('shows moments, people, commands and options as the place does', () => {
      const notation: Notation = {
        moment: (at) => `<t:${at / 1000}>`,
        person: ({ user }) => `<@${user}>`,
        writeCommand: (command) => `!${command}`,
        nameField: (field) => `--${field}`,
      };
      const announced = say(words, { kind: 'announcement', contest: contestFacts() }, notation);
      expect(announced).toContain(`<t:${contestFacts().enterUntil.at / 1000}>`);
      expect(announced).not.toContain('2026');
      expect(announced).toMatch(/!gramzoom --contest:(on|an)/);
      const results = postExamples.results.map((post) => say(words, post, notation));
      expect(results[0]).toContain('<@u7>');
      expect(results[0]).not.toContain('Person 7');
      expect(results.join('\n')).toContain('!contest extend');
      expect(say(words, postExamples['host-note'][0]!, notation)).toContain('!contest entries');
    });

    it('keeps what people typed as it is, on the line where it stands', () => {
      const theme = '**@everyone** <b>[cats](https://e.x)</b> `x` \u202Bאבג';
      const rules = contestRules({ theme, prize: { id: '1', name: '*role*' } });
      const contest = contestFacts({ rules, hostName: '_Ada_' });
      const lines = say(words, { kind: 'announcement', contest }).split('\n');
      expect(lines[0]).toContain(theme);
      expect(lines.slice(1).join('\n')).not.toContain('everyone');
      expect(lines.filter((line) => line.includes('*role*'))).toHaveLength(1);
      const reason = 'because <@1> & "this"';
      const notice = say(words, { kind: 'entry', contest, number: 7, state: 'rejected', reason });
      expect(notice.split('\n')[1]).toContain(reason);
    });

    it('invites nobody to be the first while films wait to be let in', () => {
      const counted = (needsApproval: boolean): string =>
        say(words, {
          kind: 'announcement',
          contest: contestFacts({ entries: 0, rules: contestRules({ needsApproval }) }),
        });
      expect(counted(true)).toContain(words.contest.posts.noneIn);
      expect(counted(true)).not.toContain(words.contest.posts.filmsSoFar(0));
      expect(counted(false)).toContain(words.contest.posts.filmsSoFar(0));
    });

    it('says of a new end that is too early that it has to be after the present one', () => {
      const early = { received: '1 hour', problem: 'order' } as const;
      const sentence = (field: string): string =>
        words.errorSentence({ code: 'contest-moment', data: { ...early, field } }, { nameField: () => 'x' });
      expect(sentence('until')).not.toBe(sentence('enterUntil'));
      expect(sentence('enterUntil')).toBe(sentence('voteUntil'));
    });

    it('takes the longest that people can type', () => {
      const long = (letters: number): string => '🎃'.repeat(letters);
      const rules = contestRules({
        theme: long(100),
        role: { id: '1', name: long(64) },
        prize: { id: '2', name: long(64) },
      });
      const contest = contestFacts({ rules, phase: 'closed', hostName: long(64) });
      const table = Array.from({ length: 200 }, (_, index) =>
        scoreOf(index + 1, {
          by: { user: `u${index}`, name: long(64) },
          place: index < 40 ? 1 : index + 1,
          points: 9,
        }),
      );
      const results = say(words, {
        ...{ kind: 'results', contest, outcome: 'winners', voters: 9, table: table.slice(3), prize: 'none' },
      });
      expect(results).toContain(words.contest.others(27));
      expect(
        say(words, { kind: 'announcement', contest: { ...contest, phase: 'entering' } }).length,
      ).toBeLessThan(1900);
      const film = { render: 'render' as JobId, seed: 1, createdAt: 0, picture: null, number: null };
      const panel = words.contestPanel({
        ...{ kind: 'choose', contest: ballotOf(1).contest, facts: contest, left: 1 },
        films: [{ ...film, name: long(200) }],
      });
      const [option] = panel.controls
        .flat()
        .flatMap((control) => (control.kind === 'menu' ? control.options : []));
      expect(option!.label.length).toBeLessThanOrEqual(80);
      expect(option!.label).toMatch(/^1\. 🎃+…$/u);
    });

    it('says how many lines of a long table are left out, and who gets them', () => {
      const table = Array.from({ length: 60 }, (_, index) => scoreOf(index + 1));
      const contest = contestFacts({ phase: 'closed' });
      const results = { kind: 'results', contest, outcome: 'winners', voters: 9, prize: 'none' } as const;
      const lines = say(words, { ...results, table }).split('\n');
      const shown = lines.filter((line) => /^\d+\. N[or]\. /.test(line)).length;
      expect(shown).toBeGreaterThan(10);
      expect(lines.at(-1)).toContain(String(60 - shown));
      expect(lines.at(-1)).toContain(words.commands['contest export'].name);
      expect(say(words, { ...results, table: table.slice(0, 5) })).not.toContain(
        words.commands['contest export'].name,
      );
    });

    it('has a page of films and menus that offer those of the page and what is on the rank', () => {
      const panel = words.contestPanel(ballotOf(60, 9));
      const menus = panel.controls.flat().flatMap((control) => (control.kind === 'menu' ? [control] : []));
      expect(menus).toHaveLength(3);
      for (const [index, menu] of menus.entries()) {
        const offered = menu.options.map(({ step }) => decodeStep(step)!);
        const ids = offered.map((step) => ('entry' in step ? step.entry : ''));
        for (const { id } of ballotOf(60, 9).entries) expect(ids).toContain(id);
        expect(menu.options.filter(({ isChosen }) => isChosen)).toHaveLength(index === 1 ? 0 : 1);
        expect(offered.filter((step) => 'rank' in step && step.rank === 0)).toHaveLength(index === 1 ? 0 : 1);
      }
      expect(panel.lines).toContain(words.contest.panels.ballot.menusNear);
      expect(words.contestPanel(ballotOf(12)).lines).not.toContain(words.contest.panels.ballot.menusNear);
    });

    it('offers nobody their own film, to vote for', () => {
      const own = ballotOf(12).all.find(({ isOwn }) => isOwn)!;
      const steps = stepsOf(words.contestPanel(ballotOf(12))).map((step) => decodeStep(step)!);
      const ranked = steps.filter(({ kind }) => kind === 'rank');
      expect(ranked.length).toBeGreaterThan(30);
      expect(ranked.filter((step) => 'entry' in step && step.entry === own.id)).toEqual([]);
    });

    it('says to whoever ends a phase what has begun now', () => {
      const ended = (phase: 'voting' | 'closed') => {
        const view = viewExamples.status.find(({ what }) => what === 'closed')!;
        return words.contestPanel({ ...view, facts: contestFacts({ phase }) }).lines.join('\n');
      };
      const { en: english, de: german } = {
        en: { voting: /voting has begun, until 1 November 2026/, closed: /over: the results are where/ },
        de: { voting: /Abstimmung hat begonnen, bis 1\. November 2026/, closed: /vorbei: Die Ergebnisse/ },
      };
      const said = words === de ? german : english;
      expect(ended('voting')).toMatch(said.voting);
      expect(ended('closed')).toMatch(said.closed);
    });

    it('asks for a photo with what all films must have', () => {
      const facts = contestFacts({
        rules: contestRules({ fixed: { size: 256, frames: null, network: 'pocket' } }),
      });
      const panel = words.contestPanel({
        kind: 'choose',
        contest: ballotOf(1).contest,
        facts,
        films: [],
        left: 1,
      });
      const photo = panel.controls.flat().find(({ kind }) => kind === 'photo');
      expect(photo).toMatchObject({ options: { size: 256, network: 'pocket' } });
    });
  },
);

describe('moments of a contest', () => {
  const announced = (words: ChatWords, zone: string, at: number): string =>
    say(words, { kind: 'announcement', contest: contestFacts({ zone, enterUntil: { at, wall: '' } }) });

  it('are in the contest’s zone, on both sides of a change of its clock', () => {
    // 2026-11-01, 1:30 comes twice in New York.
    expect(announced(en, 'America/New_York', Date.UTC(2026, 10, 1, 5, 30))).toContain(
      '1 November 2026, 01:30 (America/New_York)',
    );
    expect(announced(en, 'America/New_York', Date.UTC(2026, 10, 1, 6, 30))).toContain(
      '1 November 2026, 01:30 (America/New_York)',
    );
    expect(announced(de, 'Europe/Berlin', Date.UTC(2026, 9, 24, 22))).toContain(
      '25. Oktober 2026, 00:00 Uhr (Europe/Berlin)',
    );
    expect(announced(en, 'Asia/Kolkata', Date.UTC(2026, 9, 31, 18, 30))).toContain(
      '1 November 2026, 00:00 (Asia/Kolkata)',
    );
  });

  it('are in UTC where the zone is not known any more', () => {
    expect(announced(en, 'Mars/Olympus', Date.UTC(2026, 9, 31, 18))).toContain(
      '31 October 2026, 18:00 (UTC)',
    );
  });
});

describe('the German words for contests', () => {
  it('are not English, and say du', () => {
    for (const post of posts) {
      expect(say(de, post)).not.toBe(say(en, post));
      expect(say(de, post)).not.toMatch(/\b(Ihnen|Ihre?n?)\b|(?<=[a-zäöü,] )Sie\b/);
    }
    for (const view of views) {
      const german = textsOf(de.contestPanel(view));
      expect(german).not.toEqual(textsOf(en.contestPanel(view)));
      for (const text of german) expect(text).not.toMatch(/\b(Ihnen|Ihre?n?)\b|(?<=[a-zäöü,] )Sie\b/);
    }
  });
});

describe('the results', () => {
  it('tell winners, shared places, the prize and the whole table', () => {
    expect(
      say(en, { ...postExamples.results[2]!, table: postExamples.results[0]!.table }).split('\n'),
    ).toEqual([
      '🏆 Scariest cat: the results',
      '1st place: Person 7 (No. 7), 33 points',
      '2nd place, shared: Person 3 (No. 3) and Person 5 (No. 5), 20 points each',
      'Who shares a place has as many points, first places and second places.',
      'The role Pumpkin goes to Person 7. Congratulations!',
      '40 people have voted. Thank you all!',
      '',
      'All films:',
      '1. No. 7, Person 7: 33 points (3 × 1st place, 1 × 2nd place, 1 × 3rd place)',
      '2. No. 3, Person 3: 20 points (3 × 1st place, 1 × 3rd place)',
      '2. No. 5, Person 5: 20 points (1 × 1st place, 2 × 2nd place, 1 × 3rd place)',
      '4. No. 1, deleted: 3 points (1 × 1st place, 1 × 2nd place, 1 × 3rd place)',
      '5. No. 2, Person 2: 0 points',
    ]);
  });

  it('tell of no points and no places where too few have voted', () => {
    for (const words of Object.values(languages)) {
      const text = say(words, postExamples.results.find(({ outcome }) => outcome === 'too-few-voters')!);
      expect(text).not.toMatch(/points?\b|Punkte?\b|\b1st|1\. Platz/);
      expect(text).toContain(words.commands['contest extend'].name);
    }
  });
});
