import type { Clock } from '../ports/clock.ts';

/** How often something happened within the last `windowMs`. */
export class SlidingWindow {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #windowMs: number;
  #moments: number[] = [];

  constructor(clock: Pick<Clock, 'now'>, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** It happens now. */
  add(): void {
    this.#moments.push(this.#clock.now());
  }

  get count(): number {
    const first = this.#moments.findIndex((moment) => moment > this.#clock.now() - this.#windowMs);
    this.#moments.splice(0, first < 0 ? this.#moments.length : first);
    return this.#moments.length;
  }

  /** From when on there are fewer than so many in the window, in milliseconds of the clock; 0 where there are now. */
  freeAt(most: number): number {
    return this.count < most ? 0 : this.#moments[this.#moments.length - most]! + this.#windowMs;
  }
}
