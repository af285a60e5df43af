/**
 * `node .ci/count-tests.ts REPORT STATUS NUMBERS`: reads vitest's JSON report and vitest's exit status, and writes
 * "PASSED FAILED" to the file NUMBERS. A test that was skipped although this machine has what it needs counts
 * as failed: a skip must not hide a fault here. It prints the slowest test files, too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

const runs = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** What a skipped test says that it lacks, and whether that is true of this machine. */
const needs: readonly (readonly [word: RegExp, present: () => boolean])[] = [
  [/\bshared\b/i, () => existsSync(new URL('../../shared', import.meta.url))],
  [/\bterminal\b|\bscript\b/i, () => runs('script', '--version')],
  [/\b(?:not|without) (?:as )?root\b/i, () => process.getuid?.() !== 0],
  [/\bqemu-user\b/, () => process.arch === 'x64' && runs('qemu-x86_64', '--version')],
  [/\bchromium\b/i, () => existsSync('/usr/bin/chromium')],
  [/\btmpfs\b/i, () => runs('unshare', '-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt')],
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

type TestFile = z.infer<typeof reportSchema>['testResults'][number];

/** Prints the ten files whose tests took longest, without the time that their imports took. */
const showSlowest = (files: readonly TestFile[]): void => {
  const seconds = ({ startTime, endTime }: TestFile): number => (endTime - startTime) / 1000;
  say('the slowest test files:');
  for (const file of files.toSorted((a, b) => seconds(b) - seconds(a)).slice(0, 10)) {
    say(`${seconds(file).toFixed(1).padStart(7)} s  ${relative('.', file.name)}`);
  }
};

const [reportPath = '', status = '', numbersPath = ''] = process.argv.slice(2);
let passed = 0;
let failed = 0;
if (existsSync(reportPath)) {
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(reportPath, 'utf8')));
  for (const file of testResults) {
    const failedHere = file.assertionResults.filter((test) => test.status === 'failed').length;
    passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    failed += failedHere;
    if (file.status === 'failed' && failedHere === 0) {
      failed += 1;
      say(`did not load: ${file.name}: ${file.message ?? ''}`);
    }
    for (const test of file.assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') continue;
      const excuse = needs.find(([word]) => word.test(test.fullName));
      const valid = excuse !== undefined && !excuse[1]();
      say(`${valid ? 'skipped' : 'must not be skipped here'}: ${test.fullName}`);
      if (!valid) failed += 1;
    }
  }
  showSlowest(testResults);
}
// No test failed, and yet vitest did: an error outside of any test, or it was killed.
if (Number(status) !== 0 && failed === 0) {
  failed += 1;
  say(`the test runner ended with status ${status}`);
}
writeFileSync(numbersPath, `${passed} ${failed}\n`);
