import { systemClock } from '../../src/ops/system-clock.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { describeRenderer } from '../contract/renderer.ts';
import { fakeProbe, fakeRun } from '../support/fake-run.ts';
import { InlineRenderer } from '../support/inline-renderer.ts';

describeRenderer('InlineRenderer', () => new InlineRenderer(fakeRun, fakeProbe));

describeRenderer(
  'ChildRenderer',
  () =>
    new ChildRenderer({
      clock: systemClock,
      threads: 1,
      engine: 'auto',
      precision: 'auto',
      previewIntervalMs: 0,
      entry: new URL('../support/fake-child.ts', import.meta.url),
    }),
);
