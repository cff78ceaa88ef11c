// Active time of a page: it is visible, and somebody did something within the last two minutes. No DOM here.

/** After how many milliseconds without a sign of life time stops to count. */
export const IDLE = 120_000;

/** Measures stretches of active time by a stopwatch that only goes forward (milliseconds). */
export class ActiveTime {
  #began = null;
  #last = null;
  #spans = [];

  /** Somebody did something, or the page became visible. */
  touch(at) {
    this.#cut(at);
    this.#began ??= at;
    this.#last = at;
  }

  /** The page is hidden or left. */
  hide(at) {
    this.#cut(at);
    if (this.#began !== null) this.#close(at);
  }

  /** Stretches since they were last taken, up to now; what goes on begins anew. */
  take(at) {
    this.#cut(at);
    if (this.#began !== null) {
      const last = this.#last;
      this.#close(at);
      this.#began = at;
      this.#last = last;
    }
    const spans = this.#spans;
    this.#spans = [];
    return spans;
  }

  /** Whether time counts now. */
  get isActive() {
    return this.#began !== null;
  }

  /** Who did nothing for two minutes was there for these two minutes. */
  #cut(at) {
    if (this.#began !== null && at - this.#last > IDLE) this.#close(this.#last + IDLE);
  }

  #close(at) {
    if (at > this.#began) this.#spans.push({ begins: this.#began, ends: at });
    this.#began = null;
    this.#last = null;
  }
}
