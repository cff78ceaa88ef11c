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
/** Outcomes of lines that say where somebody was. */
const COUNTING = ["done", "again", "elsewhere", "not-in"];

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
    /** Whether the device keeps nothing any more: what is not sent is in this page alone. */
    this.failing = !storage;
    this.state = this.#read(this.#key) ?? { event: null, person: null, offset: 0, told: [], stuck: [], device: "" };
    this.queue = this.#lines();
  }

  #read(key) {
    try {
      return JSON.parse(this.#storage?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  #write(key, value) {
    try {
      this.#storage?.setItem(key, JSON.stringify(value));
    } catch {
      this.failing = true;
    }
  }

  /** Lines that are not sent yet; each is kept by itself, so that two tabs lose none of one another's. */
  #lines() {
    const found = [];
    try {
      for (let place = 0; place < (this.#storage?.length ?? 0); place += 1) {
        const key = this.#storage.key(place);
        if (key.startsWith(`${this.#key}:line:`)) found.push(this.#read(key));
      }
    } catch {
      // Without storage there are none.
    }
    return found.filter(Boolean).sort((one, other) => Date.parse(one.claimed_at) - Date.parse(other.claimed_at));
  }

  #keep() {
    this.#write(this.#key, this.state);
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
    this.queue = this.#storage ? this.#lines() : this.queue;
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
    return this.queue.length;
  }

  find(person) {
    return this.event.roster.find((line) => line.id === person && line.state === "booked") ?? null;
  }

  /** Where somebody is by all that is known here: "in", "out", or "" for not come yet; and since when. */
  whereIs(person, number) {
    const told = this.event.book.map((line) => ({ ...line, person: line.person_id }));
    const last = [...told, ...this.queue]
      .filter((line) => line.person === person && line.number === number && COUNTING.includes(line.outcome))
      .sort((one, other) => Date.parse(one.claimed_at) - Date.parse(other.claimed_at))
      .at(-1);
    if (last) return { what: last.what, at: last.claimed_at };
    return { what: this.find(person)?.attendance[number] === "present" ? "in" : "", at: null };
  }

  /** Whether the door is open for a half-day by the clock. */
  isTime(number) {
    const half = this.event.half_days.find((one) => one.number === number);
    return Date.parse(half.begins) - EARLY <= this.clock && this.clock <= Date.parse(half.ends) + LATE;
  }

  /** Judges a pass or a name before anything is written: { outcome, line, at } in the server's words. */
  judge({ pass = undefined, person = undefined, number, what, why = "" }) {
    if (pass === null) return { outcome: "false-pass", line: null };
    const id = pass ? pass.person : person;
    const line = this.find(id);
    if (pass && (pass.event !== this.event.id || pass.number !== number)) return { outcome: "other-event", line };
    const good = !pass || (pass.begins - SLACK <= this.clock && this.clock < pass.begins + LIFE + SLACK);
    if (!good && what === "in") return { outcome: "late-pass", line };
    if (!line) return { outcome: "no-place", line };
    if (!line.active) return { outcome: "suspended", line };
    if (!this.isTime(number)) return { outcome: "wrong-time", line };
    const where = this.whereIs(id, number);
    if (where.what === what) return { outcome: "again", line, at: where.at };
    // Whoever leaves may have come by another door: it is written, and put together when both are sent.
    if (what === "out" && where.what !== "in") return { outcome: "not-in", line };
    if (what === "in" && line.missing.length && !why.trim()) return { outcome: "not-ready", line };
    return { outcome: "done", line };
  }

  /** Writes a line, to be sent; gives it. */
  write({ token = "", person, number, what, why = "", id, outcome }) {
    // What is no pass at all is not sent as it is: it may be anything, and of any length.
    const read = token && outcome !== "false-pass" ? token : token && "unreadable";
    const by = this.state.person?.id ?? null;
    const line = {
      id,
      number,
      what,
      claimed_at: new Date(this.clock).toISOString(),
      token: read,
      person,
      why,
      outcome,
      by,
    };
    this.queue = [...this.queue, line];
    this.#write(`${this.#key}:line:${id}`, line);
    return line;
  }

  /** What is to be sent now, of what this person wrote. The server wants either the pass or the name. */
  batch(most = 100, by = this.state.person?.id ?? null) {
    return this.queue
      .filter((line) => line.by === by)
      .slice(0, most)
      .map(({ id, number, what, claimed_at, token, person, why }) => ({
        ...{ id, number, what, claimed_at, why },
        ...(token ? { token } : { person }),
      }));
  }

  /** What the server made of lines: they are its own from now on; what does not fit stays to be looked at. */
  sent(entries) {
    for (const entry of entries) this.#remove(entry.id);
    const known = new Set(this.event.book.map((line) => line.id));
    this.event.book = [...this.event.book, ...entries.filter((entry) => !known.has(entry.id))];
    const odd = entries.filter((entry) => entry.outcome !== "done").map((entry) => entry.id);
    this.state.told = [...new Set([...this.state.told, ...odd])];
    this.#keep();
  }

  /** A line that the server does not take at all: it stands in nobody's way, and stays to be looked at. */
  refused(id) {
    const line = this.queue.find((one) => one.id === id);
    if (!line) return;
    this.#remove(id);
    this.state.stuck = [...this.state.stuck, { ...line, person_id: line.person }];
    this.#keep();
  }

  #remove(id) {
    this.queue = this.queue.filter((line) => line.id !== id);
    try {
      this.#storage?.removeItem(`${this.#key}:line:${id}`);
    } catch {
      // It is sent once more, which changes nothing.
    }
  }

  /** Lines that did not fit and that nobody looked at yet. */
  get conflicts() {
    return [...this.event.book.filter((line) => this.state.told.includes(line.id)), ...this.state.stuck];
  }

  /** Somebody looked at a line. */
  seen(id) {
    this.state.told = this.state.told.filter((one) => one !== id);
    this.state.stuck = this.state.stuck.filter((line) => line.id !== id);
    this.#keep();
  }
}
