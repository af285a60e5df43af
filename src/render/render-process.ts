import { type ChildProcess, fork } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { GramzoomError, tellsOfOpenFiles } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { residentBytes, tellsOfMemory } from './memory.ts';
import { type ParentMessage, wrap } from './protocol.ts';

/** Makes the error for a process that had no memory left. */
export type TooMuchMemory = (options: { readonly cause: string }) => GramzoomError;

const keptStderr = 4_096;

/** The child as an operating system's process: how it starts, what it is told and how it ended. */
export class RenderProcess {
  /** Resolves once the process is gone, with how it went: `SIGKILL`, `exit status 1`. Never rejects. */
  readonly gone: Promise<string>;
  readonly #child: ChildProcess;
  #stderr = '';
  #lacksMemory = false;
  #isGone = false;

  /**
   * @param onMessage gets every message as it came, unparsed
   * @param options.niceness how far the process stands back behind others, 0 (not at all) to 19
   */
  constructor(entry: URL, onMessage: (raw: unknown) => void, { niceness }: { readonly niceness: number }) {
    this.#child = fork(entry, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Of the pictures that each step leaves behind 25 MB less lie about, in the same time.
      execArgv: ['--max-semi-space-size=1'],
    });
    this.#standBack(niceness);
    this.#child.on('message', onMessage);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const words = this.#stderr + text;
      // V8 says so first, and then a long stack.
      this.#lacksMemory ||= tellsOfMemory(words);
      this.#stderr = words.slice(-keptStderr);
    });
    this.gone = new Promise((resolve) => {
      const settle = (how: string): void => {
        this.#isGone = true;
        resolve(how);
      };
      // Not `close`: Node never sends it to a parent that has disconnected.
      this.#child.on('exit', (status, signal) => {
        const how = signal ?? `exit status ${status}`;
        if (!this.#child.stderr || this.#child.stderr.closed) settle(how);
        else this.#child.stderr.on('close', () => settle(how));
      });
      this.#child.on('error', (error) => {
        // Without a process id it never ran, and `exit` does not come.
        if (this.#child.pid === undefined) settle(`it could not be started: ${error.message}`);
      });
    });
  }

  get pid(): number | undefined {
    return this.#isGone ? undefined : this.#child.pid;
  }

  /** Whether a new job can still be given to it. */
  get alive(): boolean {
    return !this.#isGone && this.#child.connected && !this.#child.killed;
  }

  /** A message that cannot be delivered is dropped: the process is gone then, and `gone` tells. */
  send(job: number, message: ParentMessage): void {
    if (this.#child.connected) this.#child.send(wrap(job, message), () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Its memory in bytes; null where that cannot be told. */
  async residentBytes(): Promise<number | null> {
    const { pid } = this;
    return pid === undefined ? null : await residentBytes(pid);
  }

  /** Lets go of the process, which ends itself; one that does not is killed. */
  async end(clock: Clock, { killAfterMs }: { readonly killAfterMs: number }): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = clock.after(killAfterMs, () => this.kill());
    await this.gone;
    timer.cancel();
  }

  /**
   * The error that a process which went away like this stands for; its last words are the cause. V8 ends itself
   * where it gets no more memory, by SIGTRAP, SIGILL or SIGABRT, and mostly says why.
   */
  crash(how: string, { tooMuchMemory }: { readonly tooMuchMemory: TooMuchMemory }): GramzoomError {
    const words = this.#stderr.trim();
    if (tellsOfOpenFiles(how)) return new GramzoomError('too-many-open-files', {}, { cause: how });
    const isOutOfMemory = this.#lacksMemory || tellsOfMemory(how) || (how === 'SIGTRAP' && words === '');
    if (isOutOfMemory) return tooMuchMemory({ cause: words ? `${how}: ${words}` : how });
    return new GramzoomError('render-crashed', { how }, words ? { cause: words } : {});
  }

  /** Before it has started any threads: they inherit it. Where that is not allowed it runs like any other. */
  #standBack(niceness: number): void {
    const { pid } = this.#child;
    // It has this process's own niceness already, and who may do so would take from that.
    if (niceness <= getPriority() || pid === undefined) return;
    try {
      setPriority(pid, niceness);
    } catch {}
  }
}
