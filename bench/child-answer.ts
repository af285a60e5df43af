/** One question to a process of its own, so that its memory is what the question takes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a program, sends it the question and waits until it has answered and ended.
 * @param program one that calls `answerParent`
 */
export const askChild = async (program: URL, question: object): Promise<unknown> => {
  const child = fork(program, { serialization: 'advanced', execArgv: [] });
  const exit = once(child, 'exit');
  const answer = once(child, 'message');
  child.send(question);
  const first = await Promise.race([
    answer.then(([message]) => ({ message })),
    exit.then(([status, signal]) => ({ how: signal ?? `exit status ${status}` })),
  ]);
  if ('how' in first) throw new Error(`${program.pathname.split('/').at(-1)} ended early: ${first.how}`);
  await exit;
  return first.message;
};

/** In the child: answers the parent's question and ends. */
export const answerParent = (answer: (question: unknown) => Promise<object>): void => {
  const fail = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
    process.disconnect();
  };
  process.once('message', (question) => {
    answer(question).then((value) => {
      process.send?.(value, () => process.disconnect());
    }, fail);
  });
};
