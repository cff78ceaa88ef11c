import assert from "node:assert/strict";
import test from "node:test";
import { DoorBook, fromBase32, readPass } from "../../themes/airlock/assets/lib/door.js";
import { addDays, halfDay, mondayOf, turn, weeksOf } from "../../themes/airlock/assets/lib/halfdays.js";
import { forgetEvents, keepDay } from "../../themes/airlock/assets/lib/kept.js";

class Storage {
  kept = new Map();
  full = false;
  get length() {
    return this.kept.size;
  }
  key(place) {
    return [...this.kept.keys()][place];
  }
  getItem(key) {
    return this.kept.get(key) ?? null;
  }
  setItem(key, value) {
    if (this.full) throw new Error("full");
    this.kept.set(key, value);
  }
  removeItem(key) {
    this.kept.delete(key);
  }
}

const BEGINS = Date.parse("2026-03-10T08:00:00Z");
const line = (id, more = {}) => ({ id, name: id, state: "booked", active: true, missing: [], attendance: {}, ...more });
const event = () => ({
  id: "e",
  now: new Date(BEGINS).toISOString(),
  half_days: [{ number: 1, begins: "2026-03-10T08:00:00Z", ends: "2026-03-10T11:00:00Z" }],
  roster: [line("ann"), line("bob", { missing: [{ id: "m", title: "M" }] }), line("eve", { active: false })],
  book: [],
});

function opened(storage = new Storage(), now = () => BEGINS, person = { id: "trainer" }) {
  const book = new DoorBook(storage, "e", now);
  book.load(event(), person);
  return book;
}

let count = 0;
function take(book, said) {
  const judged = book.judge({ number: 1, what: "in", ...said });
  count += 1;
  if (!["not-ready", "again"].includes(judged.outcome))
    book.write({
      number: 1,
      what: "in",
      person: said.pass?.person ?? said.person,
      ...said,
      id: `l${count}`,
      outcome: judged.outcome,
    });
  return judged.outcome;
}

const pass = (more = {}) => ({ event: "e", number: 1, person: "ann", begins: BEGINS, ...more });

test("a pass is judged as the server judges it", () => {
  const book = opened();
  assert.equal(take(book, { pass: null, token: "x" }), "false-pass");
  assert.equal(take(book, { pass: pass({ event: "other" }) }), "other-event");
  assert.equal(take(book, { pass: pass({ person: "nobody" }) }), "no-place");
  assert.equal(take(book, { person: "eve" }), "suspended");
  assert.equal(take(book, { person: "bob" }), "not-ready");
  assert.equal(take(book, { person: "bob", why: "A drill." }), "done");
  assert.equal(take(book, { pass: pass() }), "done");
  assert.equal(take(book, { pass: pass() }), "again");
});

test("a refused pass locks nobody out", () => {
  const book = opened();
  assert.equal(take(book, { pass: pass({ begins: BEGINS - 20 * 60_000 }) }), "late-pass");
  assert.equal(book.whereIs("ann", 1).what, "");
  assert.equal(take(book, { pass: pass() }), "done");
});

test("whoever leaves by another door than they came is written down", () => {
  const book = opened();
  assert.equal(take(book, { person: "ann", what: "out" }), "not-in");
  assert.equal(book.waiting, 1);
  assert.equal(book.whereIs("ann", 1).what, "out");
});

test("a clock that is days wrong is put right by the server's", () => {
  const book = opened(new Storage(), () => BEGINS + 2 * 86_400_000);
  assert.equal(book.clock, BEGINS);
  assert.equal(take(book, { pass: pass() }), "done");
  assert.equal(book.batch()[0].claimed_at, new Date(BEGINS).toISOString());
});

test("what no pass is goes out short, whatever was in front of the camera", () => {
  const book = opened();
  take(book, { pass: null, token: "BEGIN:VCARD\u0000".repeat(100) });
  assert.equal(book.batch()[0].token, "unreadable");
});

test("two tabs lose none of one another's lines, and a new page has them all", () => {
  const storage = new Storage();
  const [one, other] = [opened(storage), opened(storage)];
  take(one, { person: "ann" });
  take(other, { person: "bob", why: "x" });
  one.load(event(), { id: "trainer" });
  assert.equal(opened(storage).waiting, 2);
  assert.equal(one.waiting, 2);
});

test("lines that are sent are the server's, and what does not fit stays to be looked at", () => {
  const storage = new Storage();
  const book = opened(storage);
  take(book, { person: "ann" });
  const [{ id }] = book.batch();
  book.sent([
    { id, number: 1, person_id: "ann", what: "in", claimed_at: new Date(BEGINS).toISOString(), outcome: "elsewhere" },
  ]);
  assert.equal(book.waiting, 0);
  assert.deepEqual(
    book.conflicts.map((one) => one.id),
    [id],
  );
  book.seen(id);
  assert.deepEqual(opened(storage).conflicts, []);
  assert.equal(book.whereIs("ann", 1).what, "in");
});

test("one line that cannot be taken stands in nobody's way", () => {
  const book = opened();
  take(book, { person: "ann" });
  take(book, { person: "bob", why: "x" });
  book.refused(book.batch()[0].id);
  assert.equal(book.waiting, 1);
  assert.equal(book.conflicts.length, 1);
});

test("a full device says so, and goes on", () => {
  const storage = new Storage();
  const book = opened(storage);
  storage.full = true;
  assert.equal(take(book, { person: "ann" }), "done");
  assert.equal(book.failing, true);
  assert.equal(book.waiting, 1);
});

test("lines go out under the name of who wrote them", () => {
  const storage = new Storage();
  take(opened(storage), { person: "ann" });
  const other = opened(storage, () => BEGINS, { id: "somebody else" });
  assert.equal(other.waiting, 1);
  assert.deepEqual(other.batch(), []);
});

test("signing out forgets rosters and passes, and keeps what is not sent", () => {
  const storage = new Storage();
  opened(storage);
  keepDay(storage, "d", { passes: [] });
  storage.setItem("airlock:theme", "dark");
  forgetEvents(storage);
  assert.deepEqual([...storage.kept.keys()], ["airlock:theme"]);
  take(opened(storage), { person: "ann" });
  forgetEvents(storage);
  assert.equal(opened(storage).waiting, 1);
});

test("the page of another day makes room", () => {
  const storage = new Storage();
  keepDay(storage, "one", {});
  keepDay(storage, "other", {});
  assert.deepEqual([...storage.kept.keys()], ["airlock:event:other"]);
});

test("what is no pass is read as none", async () => {
  const jwk = { kty: "EC", crv: "P-256", x: "x", y: "y" };
  for (const text of ["", "AIRLOCK.", "AIRLOCK.??", "https://example.org", `AIRLOCK.${"A".repeat(400)}`])
    assert.equal(await readPass(text, jwk, crypto), null);
  assert.deepEqual([...fromBase32("MZXW6YQ")], [102, 111, 111, 98]);
});

test("half-days say their zone where the reader's differs, and their second day over midnight", () => {
  const half = { begins: "2026-03-10T08:00:00Z", ends: "2026-03-10T11:00:00Z" };
  assert.equal(halfDay(half, "en-GB", "Europe/Brussels", "Europe/Brussels"), "Tue 10 Mar, 09:00–12:00");
  assert.match(halfDay(half, "en-GB", "Europe/Brussels", "Europe/London"), /09:00–12:00 \(GMT\+1\) = 08:00 \(GMT\+0\)/);
  const night = { begins: "2026-03-10T21:00:00Z", ends: "2026-03-11T03:00:00Z" };
  assert.match(halfDay(night, "en-GB", "Europe/Brussels", "Europe/Brussels"), /22:00–Wed 11 Mar, 04:00/);
});

test("weeks begin on Mondays, and a month is all weeks that it has a part of", () => {
  assert.equal(mondayOf("2026-11-29"), "2026-11-23");
  assert.deepEqual(weeksOf("2026-11-26", "week")[0].slice(0, 2), ["2026-11-23", "2026-11-24"]);
  const month = weeksOf("2026-11-26", "month");
  assert.deepEqual([month[0][0], month.at(-1)[6]], ["2026-10-26", "2026-12-06"]);
  assert.deepEqual([turn("2026-12-15", "month", 1), turn("2026-12-28", "week", 1)], ["2027-01-01", "2027-01-04"]);
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
});
