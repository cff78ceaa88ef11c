// Tells the server how long a module's page was used: visible, and with a sign of life at least every two minutes.
import { ActiveTime } from "../lib/active-time.js";
import { api, storage } from "./server.js";

const EVERY = 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart", "play", "timeupdate"];

/** What waits on this device, of one person: stretches in milliseconds of the device's clock. */
class Waiting {
  #key;

  constructor(person) {
    this.#key = `airlock-active-${person}`;
  }

  read() {
    try {
      return JSON.parse(storage?.getItem(this.#key) ?? "[]");
    } catch {
      return [];
    }
  }

  write(spans) {
    try {
      if (spans.length) storage?.setItem(this.#key, JSON.stringify(spans.slice(-500)));
      else storage?.removeItem(this.#key);
    } catch {
      // A full device: what is measured until the page is left is told from memory.
    }
  }
}

/** Begins to measure; `began` is when the page was opened, by `performance.now()`. */
export function measure(person, module, began) {
  const time = new ActiveTime();
  const waiting = new Waiting(person);
  let sending = false;
  time.touch(began);
  const touch = () => {
    if (document.visibilityState === "visible") time.touch(performance.now());
  };
  const keep = () => {
    const offset = Date.now() - performance.now();
    const spans = time
      .take(performance.now())
      .map(({ begins, ends }) => ({ module, begins: begins + offset, ends: ends + offset }));
    if (spans.length) waiting.write([...waiting.read(), ...spans]);
  };
  const send = async () => {
    keep();
    const spans = waiting.read().slice(0, 200);
    if (!spans.length || sending) return;
    sending = true;
    const now = Date.now();
    const told = spans.map((span) => ({
      module: span.module,
      began_ago: Math.max(0, (now - span.begins) / 1000),
      ended_ago: Math.max(0, (now - span.ends) / 1000),
    }));
    try {
      await api.post("/active-time", { spans: told }, { key: crypto.randomUUID() });
      waiting.write(waiting.read().slice(spans.length));
    } catch (error) {
      // What is sent once more because a reply was lost overlaps with itself, and counts once. Without a connection it waits; what the server refuses for good would be refused for ever.
      if (error.status === 404 || error.status === 422) waiting.write([]);
    } finally {
      sending = false;
    }
  };
  for (const sign of SIGNS) document.addEventListener(sign, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") touch();
    else {
      time.hide(performance.now());
      send();
    }
  });
  addEventListener("pagehide", keep);
  setInterval(send, EVERY);
  touch();
}
