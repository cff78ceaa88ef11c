// The door's book on a tablet: what is read and tapped is judged here, kept here, and sent when there is a connection.
// No DOM; storage, clock and cryptography are handed in.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PREFIX = "AIRLOCK.";
const CONTENT = 37;
const SIGNATURE = 64;
const LIFE = 300_000;
const SLACK = 120_000;
const EARLY = 3_600_000;
const LATE = 6 * 3_600_000;

/** The bytes of base32 (RFC 4648) without its padding; null for something else. */
export function fromBase32(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let place = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[place++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}

function uuid(bytes) {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}

/**
 * What a pass says, when it was signed with the server's key: { event, number, person, begins } with `begins` in
 * milliseconds; null for anything else.
 */
export async function readPass(text, jwk, crypto) {
  if (!text.startsWith(PREFIX)) return null;
  const bytes = fromBase32(text.slice(PREFIX.length).trim());
  if (bytes?.length !== CONTENT + SIGNATURE) return null;
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, curve, false, ["verify"]);
  const content = bytes.slice(0, CONTENT);
  const signed = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes.slice(CONTENT), content);
  if (!signed) return null;
  const view = new DataView(content.buffer);
  return {
    event: uuid(content.slice(0, 16)),
    number: content[16],
    person: uuid(content.slice(17, 33)),
    begins: view.getUint32(33) * 1000,
  };
}

export class DoorBook {
  #storage;
  #key;
  #now;

  /**
   * @param storage Where it is kept, or null.
   * @param id Of the event.
   * @param now The device's clock, milliseconds.
   */
  constructor(storage, id, now = Date.now) {
    this.#storage = storage;
    this.#key = `airlock:door:${id}`;
    this.#now = now;
    this.state = this.#read() ?? { event: null, person: null, offset: 0, queue: [], told: [], device: "" };
  }

  #read() {
    try {
      return JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
    } catch {
      return null;
    }
  }

  #keep() {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.state));
    } catch {
      // A full or forbidden storage: what is open still works, and is sent as soon as it can.
    }
  }

  /** A name for this tablet, made once. */
  get device() {
    if (!this.state.device) {
      this.state.device = `tablet-${Math.floor(this.#now() % 1e6).toString(36)}${Math.random().toString(36).slice(2, 5)}`;
      this.#keep();
    }
    return this.state.device;
  }

  /** Takes over an event as the server gave it, and by how much this clock is wrong. */
  load(event, person) {
    this.state.event = event;
    this.state.person = person;
    this.state.offset = Date.parse(event.now) - this.#now();
    this.#keep();
  }

  get event() {
    return this.state.event;
  }

  /** The time as the server would tell it. */
  get clock() {
    return this.#now() + this.state.offset;
  }

  get waiting() {
    return this.state.queue.length;
  }

  find(person) {
    return this.event.roster.find((line) => line.id === person && line.state === "booked") ?? null;
  }

  /** Where somebody is by all that is known here: "in", "out", or "" for not come yet; and since when. */
  whereIs(person, number) {
    const entries = [
      ...this.event.book.filter((line) => line.outcome === "done").map((line) => ({ ...line, person: line.person_id })),
      ...this.state.queue,
    ]
      .filter((line) => line.person === person && line.number === number)
      .sort((one, other) => Date.parse(one.claimed_at) - Date.parse(other.claimed_at));
    const last = entries.at(-1);
    if (last) return { what: last.what, at: last.claimed_at };
    const recorded = this.find(person)?.attendance[number];
    return recorded === "present" ? { what: "in", at: null } : { what: "", at: null };
  }

  /** Whether the door is open for a half-day by the clock. */
  isTime(number) {
    const half = this.event.half_days.find((one) => one.number === number);
    return Date.parse(half.begins) - EARLY <= this.clock && this.clock <= Date.parse(half.ends) + LATE;
  }

  /**
   * Judges a pass or a name before anything is written: { outcome, line } with the outcome in the server's words, and
   * `why` as "ask" where a reason is wanted.
   */
  judge({ pass = undefined, person = undefined, number, what, why = "" }) {
    if (pass === null) return { outcome: "false-pass", line: null };
    const id = pass ? pass.person : person;
    const line = this.find(id);
    if (pass && (pass.event !== this.event.id || pass.number !== number)) return { outcome: "other-event", line };
    const good = !pass || (pass.begins - SLACK <= this.clock && this.clock < pass.begins + LIFE + SLACK);
    if (!good && what === "in") return { outcome: "late-pass", line };
    if (!line) return { outcome: "no-place", line };
    if (!this.isTime(number)) return { outcome: "wrong-time", line };
    const where = this.whereIs(id, number);
    if (where.what === what) return { outcome: "again", line, at: where.at };
    if (what === "out" && where.what !== "in") return { outcome: "not-in", line };
    if (what === "in" && line.missing.length && !why.trim()) return { outcome: "not-ready", line };
    return { outcome: "done", line };
  }

  /** Writes a line, to be sent; gives it. */
  write({ token = "", person, number, what, why = "", id }) {
    const line = { id, number, what, claimed_at: new Date(this.clock).toISOString(), token, person, why };
    this.state.queue = [...this.state.queue, line];
    this.#keep();
    return line;
  }

  /** What is to be sent now. The server wants either the pass or the name. */
  batch(most = 100) {
    return this.state.queue
      .slice(0, most)
      .map(({ person, token, ...line }) => (token ? { ...line, token } : { ...line, person }));
  }

  /** What the server made of lines: they are its own from now on; what does not fit stays to be looked at. */
  sent(entries) {
    const done = new Set(entries.map((entry) => entry.id));
    this.state.queue = this.state.queue.filter((line) => !done.has(line.id));
    const known = new Set(this.event.book.map((line) => line.id));
    this.event.book = [...this.event.book, ...entries.filter((entry) => !known.has(entry.id))];
    this.state.told = [
      ...this.state.told,
      ...entries.filter((entry) => entry.outcome !== "done").map((entry) => entry.id),
    ];
    this.#keep();
  }

  /** Lines that did not fit and that nobody looked at yet. */
  get conflicts() {
    return this.event.book.filter((line) => this.state.told.includes(line.id));
  }

  /** Somebody looked at a line. */
  seen(id) {
    this.state.told = this.state.told.filter((one) => one !== id);
    this.#keep();
  }
}
