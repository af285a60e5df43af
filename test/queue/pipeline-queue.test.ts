import { expect, it } from 'vitest';
import { PipelineQueue } from '../../src/queue/pipeline-queue.ts';
import { describeQueue } from '../contract/queue.ts';

describeQueue(
  'the queue in this process',
  (task) => new PipelineQueue(task, { onError: (error) => expect.fail(String(error)) }),
);

it('tells of what a task does not handle, and runs the next one', async () => {
  const errors: unknown[] = [];
  const second = Promise.withResolvers<void>();
  let runs = 0;
  const queue = new PipelineQueue(
    async () => {
      if (++runs === 1) throw new Error('a bug');
      second.resolve();
    },
    { onError: (error) => errors.push(error) },
  );
  queue.add();
  queue.add();
  await second.promise;
  await queue.close();
  expect(errors).toEqual([new Error('a bug')]);
});
