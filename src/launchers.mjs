// Whoever stops npm means what npm started. npm passes on SIGINT and SIGTERM, to a shell that may stand in between
// and keep them; SIGHUP and SIGKILL end npm alone. So a program that npm or another Node started for a person
// watches those processes, and hangs up (SIGHUP) when one of them has ended. One that was started in any other way
// watches nobody. Plain JavaScript that any Node can parse.
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { env, platform, ppid } from 'node:process';

/** The variable by which a launcher names itself and its own launchers to what it starts. */
export const launchersKey = 'GRAMZOOM_LAUNCHERS';

const lookEveryMs = 250;

/** What npm runs for its scripts and for `npx gramzoom`; not for a script that puts something in the background. */
const ownScript = /^(?:(?:exec )?node src\/(?:launch|with-node)\.mjs\b[^&;|]*|(['"]?)gramzoom\1)$/;

const readProcess = (pid, what) => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
};

/** State and parent stand behind the name, which is in brackets and may hold anything. */
const statOf = (pid) => {
  const stat = readProcess(pid, 'stat');
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state, parent: Number(parent) };
};

/** A process that its parent has not collected yet (a zombie) has ended, too. */
const hasEnded = (pid) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'ESRCH';
  }
  return statOf(pid).state === 'Z';
};

/** The parent and, where that is a shell that npm runs its script in, npm; Linux alone tells. */
const npmProcesses = () => {
  const [, option, script = ''] = readProcess(ppid, 'cmdline').split('\0');
  const isShell = option === '-c' && script.startsWith(env.npm_lifecycle_script);
  const { parent } = statOf(ppid);
  return isShell && parent > 0 ? [ppid, parent] : [ppid];
};

const told = (env[launchersKey] ?? '').split(',').map(Number);

/** Whether another Node started this one in its stead; what inherits the variable has another parent. */
export const isRelaunched = () => told.at(-1) === ppid;

/** The processes that this one was started by, and ends with; empty where it stands for itself. */
export const launchers = () => {
  if (isRelaunched()) return told;
  return platform !== 'win32' && ownScript.test(env.npm_lifecycle_script ?? '') ? npmProcesses() : [];
};

/** Hangs up on this process once one of its launchers has ended. */
export const stopWithLaunchers = () => {
  const watched = launchers();
  env[launchersKey] = watched.join(',');
  if (watched.length === 0) return;
  const timer = setInterval(() => {
    if (!watched.some(hasEnded)) return;
    clearInterval(timer);
    // Not process.kill: Windows has no such signal.
    if (!process.emit('SIGHUP', 'SIGHUP', constants.signals.SIGHUP))
      process.exit(128 + constants.signals.SIGHUP);
  }, lookEveryMs);
  timer.unref();
};
