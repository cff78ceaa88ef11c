import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../themes/airlock/assets/lib/api.js";
import { Drafts } from "../../themes/airlock/assets/lib/drafts.js";
import { settleEarly } from "../../themes/airlock/assets/lib/early.js";
import { dateAndTime, daysUntil, dueWords, fill, percent, safeNext } from "../../themes/airlock/assets/lib/format.js";
import { forgetOldDrafts } from "../../themes/airlock/assets/lib/kept.js";

test("texts are filled, and what is unknown stays", () => {
  assert.equal(fill("{a} of {b}", { a: 1 }), "1 of {b}");
});

test("a score is never rounded up over a pass mark", () => {
  assert.equal(percent(0.7999), 79);
  assert.equal(percent(0.8), 80);
  assert.equal(percent(1), 100);
  assert.equal(percent(0.29), 29);
});

test("due dates go by the calendar", () => {
  const now = new Date(2026, 2, 10, 23, 0);
  assert.equal(daysUntil(new Date(2026, 2, 11, 1, 0), now), 1);
  assert.deepEqual(dueWords(new Date(2026, 2, 11, 1, 0), now).key, "due_tomorrow");
  assert.deepEqual(dueWords(new Date(2026, 2, 10, 23, 30), now).key, "due_today");
  assert.deepEqual(dueWords(new Date(2026, 2, 7), now), { key: "due_late", values: { days: 3 } });
  assert.deepEqual(dueWords(new Date(2026, 2, 15), now), { key: "due_in", values: { days: 5 } });
});

test("after signing in one stays on this site", () => {
  const origin = "https://learn.example.org";
  for (const next of [
    "https://evil.example/",
    "//evil.example/",
    "javascript:alert(1)",
    "/\\evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e//evil.example",
    "/x/..//evil.example",
    "/\t/evil.example",
    "/.\\/evil.example",
    "",
    null,
  ]) {
    assert.equal(safeNext(next, "/learning/", origin), "/learning/", String(next));
  }
  assert.equal(safeNext("/fr/course/lesson/#quiz", "/learning/", origin), "/fr/course/lesson/#quiz");
});

function memory() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

test("answers of nobody are given to nobody before somebody says that they are theirs", () => {
  const drafts = new Drafts(memory());
  const nobodys = Drafts.key(null, "c/m", "q");
  const theirs = Drafts.key("p", "c/m", "q");
  drafts.write(nobodys, { responses: { a: ["1"] }, attempt: "x" });
  assert.equal(drafts.read(theirs), null);
  settleEarly(drafts, nobodys, theirs);
  assert.deepEqual(drafts.read(theirs).responses, { a: ["1"] });
  assert.equal(drafts.read(theirs).attempt, null);
  assert.equal(drafts.read(nobodys), null);
  drafts.write(nobodys, { responses: { a: ["2"] } });
  drafts.write(theirs, { responses: { a: ["3"], b: "since" }, attempt: "y", startKey: "k" });
  settleEarly(drafts, nobodys, theirs);
  const merged = drafts.read(theirs);
  assert.deepEqual([merged.responses, merged.attempt, merged.startKey], [{ a: ["3"], b: "since" }, "y", "k"]);
  drafts.remove(theirs);
  drafts.write(theirs, { responses: { a: ["1"] } });
  drafts.write(nobodys, { responses: { a: ["2"] } });
  settleEarly(drafts, nobodys, null);
  assert.equal(drafts.read(nobodys), null);
  assert.deepEqual(drafts.read(theirs).responses, { a: ["1"] });
});

test("drafts have an age, and broken ones are ignored", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: 0 });
  const storage = memory();
  const drafts = new Drafts(storage);
  for (const person of [null, "p"]) drafts.write(Drafts.key(person, "c/m", "q"), { responses: { a: [] } });
  context.mock.timers.tick(2 * 86_400_000);
  assert.equal(drafts.read(Drafts.key(null, "c/m", "q")), null, "who was here yesterday is not who is here now");
  assert.ok(drafts.read(Drafts.key("p", "c/m", "q")));
  context.mock.timers.tick(60 * 86_400_000);
  assert.equal(drafts.read(Drafts.key("p", "c/m", "q")), null);
  const kept = {
    [Drafts.key("p", "c/m", "q")]: '{"at": 0}',
    [Drafts.key("p", "c/m", "r")]: "{",
    [Drafts.key(null, "c/m", "q")]: '{"at": 0}',
    other: "{",
  };
  Object.defineProperties(kept, {
    getItem: { value: (key) => kept[key] },
    removeItem: { value: (key) => delete kept[key] },
  });
  forgetOldDrafts(kept, 59 * 86_400_000);
  assert.deepEqual(Object.keys(kept), [Drafts.key("p", "c/m", "q"), "other"]);
  forgetOldDrafts(kept, 61 * 86_400_000);
  assert.deepEqual(Object.keys(kept), ["other"]);
  storage.setItem("broken", "{");
  assert.equal(drafts.read("broken"), null);
});

test("drafts hold without a storage", () => {
  const drafts = new Drafts({
    getItem: () => null,
    setItem: () => {
      throw new Error("full");
    },
    removeItem: () => {},
  });
  drafts.write("k", { responses: { a: 1 } });
  assert.deepEqual(drafts.read("k").responses, { a: 1 });
});

const reply = (status, body, type = "application/json") => ({
  status,
  ok: status < 400,
  headers: { get: () => type },
  json: async () => body,
});

test("a call carries the token and the key, and renews an old token once", async () => {
  const calls = [];
  let tokens = 0;
  const api = new Api(async (url, options) => {
    calls.push([url, options]);
    if (url.endsWith("/me")) return reply(200, { person: null, csrf_token: `t${++tokens}` });
    const { headers } = options;
    if (headers["X-CSRFToken"] === "t1") return reply(400, { code: "csrf_failed" });
    return reply(201, { key: headers["Idempotency-Key"] });
  });
  assert.deepEqual(await api.post("/attempts", {}, { key: "k" }), { key: "k" });
  assert.equal(calls.length, 4);
});

test("errors are told apart", async () => {
  const failing = (answer) =>
    new Api(answer).get("/x").then(
      () => null,
      (error) => error,
    );
  const offline = await failing(async () => {
    throw new TypeError("network");
  });
  assert.equal(offline.code, "offline");
  assert.equal(offline.passing, true);
  const none = await failing(async () => reply(404, "", "text/html"));
  assert.equal(none.code, "no_server");
  const known = await failing(async () =>
    reply(409, { code: "attempt_submitted", detail: "x" }, "application/problem+json"),
  );
  assert.equal(known.code, "attempt_submitted");
  assert.equal(known.passing, false);
  const broken = await failing(async () => reply(503, { code: "unavailable" }, "application/problem+json"));
  assert.equal(broken.passing, true);
});

test("what is sent once more after a lost reply carries the same key, and another thing another one", async () => {
  const keys = [];
  let answers = [];
  const api = new Api(async (path, options = {}) => {
    if (path.endsWith("/me")) return reply(200, { person: null, csrf_token: "t" });
    keys.push(options.headers["Idempotency-Key"]);
    const next = answers.shift();
    if (next === "lost") throw new TypeError("no network");
    return reply(next, next < 400 ? { done: true } : { code: "validation" });
  });
  answers = ["lost", 503, 200, 200, 422, 200];
  await assert.rejects(api.once("/x", { a: 1 }), { code: "offline" });
  await assert.rejects(api.once("/x", { a: 1 }));
  await api.once("/x", { a: 1 });
  assert.equal(new Set(keys).size, 1, "until there is an answer");
  await api.once("/x", { a: 1 });
  await assert.rejects(api.once("/x", { a: 2 }));
  await api.once("/x", { a: 2 });
  assert.equal(new Set(keys).size, 4, "afterwards it is another act");
});

test("a time says its zone where the reader's clock shows another one, on both sides of a night", () => {
  const zone = "Europe/Brussels";
  const at = "2026-12-01T15:00:00+00:00";
  const plain = dateAndTime(at, "en", zone, zone);
  assert.match(plain, /04:00 PM$/);
  assert.equal(dateAndTime(at, "en", zone, "Europe/Paris"), plain, "another name of the same clock");
  assert.equal(dateAndTime(at, "fr", zone, "Indian/Reunion"), "mar. 1 déc., 16:00 (UTC+1) = 19:00 (UTC+4)");
  assert.equal(dateAndTime(at, "fr", zone, "Asia/Tokyo"), "mar. 1 déc., 16:00 (UTC+1) = mer. 2 déc., 00:00 (UTC+9)");
  assert.match(
    dateAndTime("2026-07-01T14:00:00+00:00", "nl", zone, "Europe/London"),
    /16:00 \(GMT\+2\) = 15:00 \(GMT\+1\)$/,
  );
});

test("signing out without a connection is done before anything else once there is one", async () => {
  const storage = memory();
  const asked = [];
  let online = false;
  let person = { id: "p" };
  const reply = (data) => ({
    ok: true,
    status: 200,
    headers: { get: () => "application/json" },
    json: () => Promise.resolve(data),
  });
  const fetcher = (path, { method }) => {
    if (!online) return Promise.reject(new TypeError("no network"));
    asked.push(`${method} ${path}`);
    if (path.endsWith("/sign-out")) person = null;
    return Promise.resolve(reply({ person, csrf_token: "x" }));
  };
  const page = new Api(fetcher, { storage });
  online = true;
  await page.me();
  assert.equal(page.lastPerson, "p");
  online = false;
  await assert.rejects(page.leave(), { code: "offline" });
  assert.equal(page.lastPerson, null, "what is kept of them is shown to nobody");
  await assert.rejects(page.get("/home"), { code: "offline" });
  online = true;
  asked.length = 0;
  const next = new Api(fetcher, { storage });
  await Promise.all([next.get("/home"), next.me()]);
  assert.deepEqual(asked.slice(0, 2), ["GET /api/v1/me", "POST /api/v1/sign-out"], "once, and first");
  assert.equal(asked.filter((one) => one.startsWith("POST")).length, 1);
  assert.equal((await next.me()).person, null);
  assert.ok(next.isStale(Date.now() - 60_000));
  assert.ok(!next.isStale(Date.now() + 60_000));
  assert.equal(storage.getItem("airlock:leaving"), null);
});
