/** `npm run bench`, `npm run bench -- --quick`, `npm run bench -- step torch`. */
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import type { Bench } from './bench.ts';
import { machineLines } from './machine.ts';

/** Loaded one by one, so that the film's parent process holds no engine when its memory is measured. */
const benches: readonly (readonly [name: string, title: string, load: () => Promise<Bench>])[] = [
  ['film', 'a film by the defaults, in floats and in bytes', async () => (await import('./film.ts')).film],
  [
    'step',
    'one step: loss and gradient, in floats and in bytes',
    async () => (await import('./step.ts')).step,
  ],
  ['rest', 'what comes on top of the network in a step', async () => (await import('./rest.ts')).rest],
  [
    'networks',
    'what the pocket network saves, and what bytes save',
    async () => (await import('./networks.ts')).networks,
  ],
  ['torch', 'the same step in PyTorch', async () => (await import('./torch.ts')).torch],
  ['spinning', 'threads that spin while they wait', async () => (await import('./spinning.ts')).spinning],
  ['padding', 'how borders are padded', async () => (await import('./padding.ts')).padding],
];

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = benches.filter(
  ([name]) => positionals.length === 0 || positionals.some((filter) => name.includes(filter)),
);
if (chosen.length === 0) {
  process.stderr.write(`No such benchmark; there are ${benches.map(([name]) => name).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const { threads } = readConfig();
  for (const line of machineLines({ threads })) print(line);
  for (const [name, title, load] of chosen) {
    print(`\n${name}: ${title}`);
    await (await load())({ quick: values.quick, threads, print });
  }
}
