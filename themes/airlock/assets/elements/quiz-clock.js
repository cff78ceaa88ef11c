// The time that an attempt has left, by this device's clock; the server's counts.
import { warningBetween } from "../lib/clock.js";

const TICK = 1000;

export class QuizClock {
  #ends = null;
  #left = null;
  #ticking = 0;
  #on;

  /** `on` has `tick(left)`, `warn(left)` before the end, and `over()` at the end; `left` in seconds. */
  constructor(on) {
    this.#on = on;
  }

  /** Seconds, null while no time runs. */
  get left() {
    return this.#left;
  }

  /** Runs until a moment in milliseconds since 1970; null is no limit. */
  start(ends) {
    this.stop();
    if (ends === null) return;
    this.#ends = ends;
    this.#left = (ends - Date.now()) / 1000;
    this.#ticking = setInterval(() => this.#tick(), TICK);
  }

  stop() {
    clearInterval(this.#ticking);
    this.#left = null;
  }

  #tick() {
    const before = this.#left;
    this.#left = (this.#ends - Date.now()) / 1000;
    if (warningBetween(before, this.#left)) this.#on.warn(this.#left);
    if (this.#left > 0) {
      this.#on.tick(this.#left);
      return;
    }
    this.stop();
    this.#on.over();
  }
}
