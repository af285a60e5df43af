import { contestCommand, contestVerbs, isContestCommand } from '../domain/command-name.ts';
import { depths, qualities } from '../domain/request.ts';
import type { ChatWords, CommandWords, Language, OptionLine, RenderLine } from './chat-words.ts';
import type { ContestLanguage } from './contest-facts.ts';
import { contestPanel } from './contest-panels.ts';
import { contestRules, contestText } from './contest-posts.ts';
import { createErrorSentences } from './error-sentences.ts';
import { type Choices, ofEveryKind, otherKind } from './kinds.ts';
import {
  type Named,
  type Notation,
  type OptionOwner,
  optionOwner,
  optionWords,
  type When,
  type WriteCommand,
} from './names.ts';

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A choice as the menu calls it; names of networks are what they are. */
export const choiceNameIn = (choices: Choices, option: string, choice: string): string =>
  (Object.hasOwn(choices, option) && choices[option]?.[choice]) || choice;

const mostShown = 10;

/** Whatever is said alike in every language, in the words of one. */
export const createWords = ({ sentences, phrases, ...texts }: Language): ChatWords => {
  const { kinds, listed } = texts;
  const optionOf = (name: string, owner?: OptionOwner): Named =>
    optionWords(texts, name, owner) ?? { name, description: '' };
  const nameOf = (option: string): string => optionOf(option).name;
  const choiceName = (option: string, choice: string): string => choiceNameIn(texts.choices, option, choice);
  const typed: WriteCommand = (command) => `/${texts.commands[command].name}`;
  const { errorSentence, operatorSentence } = createErrorSentences(sentences, {
    nameField: nameOf,
    writeCommand: typed,
  });
  const contestLanguage: ContestLanguage = {
    ...{ nameField: nameOf, writeCommand: typed, actions: texts.actions, choiceName },
    phrases: texts.contest,
  };
  const otherwiseByName = { ...ofEveryKind(kinds, 'otherwise'), ...phrases.otherwise };

  const otherwise: ChatWords['otherwise'] = ({ name, byQuality }) =>
    byQuality
      ? phrases.byQuality(listed(qualities.map((quality) => String(byQuality[quality]))))
      : otherwiseByName[name];

  const choiceLines: ChatWords['choiceLines'] = (option, networks) => {
    if (option === 'quality') {
      return qualities.map((quality) => `${choiceName(option, quality)}: ${texts.qualities[quality]}`);
    }
    if (option !== 'depth') return [];
    return depths.flatMap((depth) => {
      const offering = networks.filter((network) => network.depths.includes(depth));
      if (offering.length === 0) return [];
      const names = listed(offering.map(({ name }) => name));
      const where = offering.length < networks.length ? ` (${phrases.offeredBy(names)})` : '';
      return [`${choiceName(option, depth)}: ${texts.depths[depth]}${where}`];
    });
  };

  /** `, about 40 s left` or, live, `, done in 40 seconds`; nothing where it is not known. */
  const until = (etaSeconds: number | null, inAll: (about: string) => string, when?: When): string => {
    if (etaSeconds === null) return '';
    return `, ${when ? phrases.doneAt(when(etaSeconds)) : inAll(phrases.about(etaSeconds))}`;
  };

  const state = (render: RenderLine, { when, ...notation }: Notation): string => {
    const { position, waiting, etaSeconds, failure } = render;
    const step = kinds[render.kind].step(render.progress);
    if (render.waitsForSpace) return `${step}, ${phrases.waitsForSpace}`;
    switch (render.state) {
      case 'queued':
        return `${phrases.numberOf(position ?? waiting, waiting)}${until(etaSeconds, phrases.doneIn, when)}`;
      case 'running':
        return `${step}${until(etaSeconds, phrases.left, when)}`;
      case 'done':
        return failure ? phrases.deletedInChat : phrases.states.done;
      case 'failed':
        return `${phrases.states.failed}${failure ? `: ${errorSentence(failure, notation)}` : ''}`;
      default:
        return phrases.states[render.state];
    }
  };

  const ofReel = ({ isReel }: { readonly isReel?: true }, sentence: string): string =>
    isReel ? `${phrases.reel.name}: ${sentence}` : sentence;

  const renderSentence: ChatWords['renderSentence'] = (body, { when, ...notation } = {}) => {
    switch (body.kind) {
      case 'fetching':
        return phrases.looking;
      case 'waiting': {
        const { position, total, etaSeconds } = body;
        const place = position === 1 ? phrases.next : phrases.place(position, total);
        return ofReel(body, `${place}${until(etaSeconds, phrases.doneIn, when)}.`);
      }
      case 'running': {
        const { begins, step } = kinds[body.renderKind];
        const place = capitalised(body.progress.done === 0 ? begins : step(body.progress));
        return ofReel(body, `${place}${until(body.etaSeconds, phrases.left, when)}.`);
      }
      case 'no-room': {
        const { step, readyWithoutSpace, waitsForSpace } = kinds[body.renderKind];
        const isReady = body.progress.done === body.progress.total;
        return isReady ? readyWithoutSpace : `${capitalised(step(body.progress))}. ${waitsForSpace}`;
      }
      case 'progress': {
        const { step, takesShape } = kinds[body.renderKind];
        return body.progress.done === 0 ? takesShape : `${capitalised(step(body.progress))}.`;
      }
      case 'copy':
        return kinds[body.renderKind].copy;
      case 'result':
        return body.isReel ? phrases.reel.ready : kinds[body.renderKind].ready;
      case 'failed':
        return errorSentence(body.failure, notation);
      case 'cancelled':
        return phrases.cancelled;
      case 'contest':
        return contestText(body.post, contestLanguage, notation);
      case 'expired':
        return kinds[body.renderKind].expired;
      default:
        return body satisfies never;
    }
  };

  /** `a1b2c3d4 (seed 7, pocket, style): number 2 of 3, about 40 s until it is done` */
  const renderLine = (render: RenderLine, notation: Notation): string => {
    const { id, kind, seed, network, depth } = render;
    const facts = [...otherKind(kinds, kind), texts.seed(seed), network, choiceName('depth', depth)];
    return `${id.slice(0, 8)} (${facts.join(', ')}): ${state(render, notation)}`;
  };

  const valueName = (option: string, value: string | number): string =>
    typeof value === 'number' ? phrases.number(value) : choiceName(option, value);

  const rangeOf: ChatWords['rangeOf'] = ({ name, choices, min, max }) =>
    choices || min === undefined || max === undefined
      ? undefined
      : phrases.range(valueName(name, min), valueName(name, max));

  /** What can be given, if it can be listed or has an end, and what happens without it. */
  const factsOf = (option: OptionLine): readonly string[] => {
    const { name, choices, default: fallback = otherwise(option) } = option;
    const text = (value: string | number): string => valueName(name, value);
    const range = rangeOf(option);
    return [
      ...(choices ? [listed(choices.map(text))] : []),
      ...(range === undefined ? [] : [range]),
      ...(fallback === undefined ? [] : [phrases.usual(text(fallback))]),
    ];
  };

  /** All commands about contests in one line: `/contest start, status or hall: a contest of films, with votes`. */
  const contestLine = (writeCommand: WriteCommand): string => {
    const [first, ...others] = contestVerbs;
    const verbs = others.map((verb) => texts.commands[contestCommand(verb)].name.split(' ').at(-1)!);
    return `${listed([writeCommand(contestCommand(first)), ...verbs])}: ${texts.contestCommand.description}`;
  };

  const help: CommandWords['help'] = (
    commands,
    { topic, start, networks, maxWork, nameField = nameOf, writeCommand = typed },
  ) => {
    const shown = commands.filter(({ name }) => (topic === 'contest') === isContestCommand(name));
    const lines = shown.flatMap(({ name, fields, renderKind }) => [
      `${writeCommand(name)}: ${texts.commands[name].description}`,
      ...(topic === 'start' ? [] : fields).flatMap((field) => {
        const facts = factsOf(field);
        const inBrackets = facts.length > 0 ? ` (${facts.join('; ')})` : '';
        const { description } = optionOf(field.name, optionOwner({ name, renderKind }));
        return [
          `  ${nameField(field.name)}: ${description}${inBrackets}`,
          ...(isContestCommand(name) ? [] : choiceLines(field.name, networks)).map((line) => `    ${line}`),
        ];
      }),
    ]);
    if (topic === 'contest') return lines.join('\n');
    const all = [...lines, contestLine(writeCommand), texts.workLimit(maxWork)];
    return (
      topic === 'start' ? [...(start ? [start] : []), ...all, phrases.moreHelp(writeCommand('help'))] : all
    ).join('\n');
  };

  const commandWords: CommandWords = {
    cancelled: ({ id }) => phrases.cancelledRender(id.slice(0, 8)),
    queue: ({ running, waiting }, notation = {}) => {
      const lines = [
        ...(running ? [phrases.now(renderLine(running, notation))] : []),
        ...waiting.slice(0, mostShown).map((render) => renderLine(render, notation)),
        ...(waiting.length > mostShown ? [phrases.more(waiting.length - mostShown)] : []),
      ];
      return lines.length > 0 ? lines.join('\n') : phrases.nothing;
    },
    mine: (renders, notation = {}) =>
      renders.length > 0 ? renders.map((render) => renderLine(render, notation)).join('\n') : phrases.noneYet,
    help,
  };

  return {
    ...texts,
    errorSentence,
    operatorSentence,
    renderSentence,
    contestPanel: (view, notation) => contestPanel(view, contestLanguage, notation),
    contestRules: (contest, notation) => contestRules(contest, contestLanguage, notation),
    commandWords,
    otherwise,
    choiceLines,
    rangeOf,
  };
};
