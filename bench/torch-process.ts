import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('torch_step.py', import.meta.url));

const greetingSchema = z.object({ version: z.string() });
const answerSchema = z.object({
  milliseconds: z.array(z.number()),
  loss: z.number(),
  gradientNorm: z.number(),
});

export const torchLayouts = ['nchw', 'channels_last'] as const;

export type TorchRequest = {
  readonly layout: (typeof torchLayouts)[number];
  readonly threads: number;
  readonly steps: number;
};

export type TorchProcess = {
  readonly version: string;
  readonly take: (request: TorchRequest) => Promise<z.output<typeof answerSchema>>;
  readonly close: () => Promise<void>;
};

/**
 * Starts bench/torch_step.py.
 * @param options what the program is to read and compute; see there
 * @returns null where there is no python3 or no PyTorch
 */
export const startTorch = async (options: {
  readonly spec: string;
  readonly weights: string;
  readonly inputs: string;
  readonly octaves: number;
  readonly octaveBlur: readonly number[];
  readonly padding: string;
  readonly colourWeight: number;
}): Promise<TorchProcess | null> => {
  const child = spawn('python3', [program, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
  // A write to a process that is gone: `ended` and the missing answer say so.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line = await lines.next();
    return line.done ? undefined : JSON.parse(line.value);
  };
  const greeting = await answer();
  if (greeting === undefined) {
    const status = await ended;
    if (status === null || status === 3) return null;
    throw new Error(`torch_step.py ended with status ${status}`);
  }
  return {
    version: greetingSchema.parse(greeting).version,
    take: async (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answerSchema.parse(await answer());
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
};
