import assert from "node:assert/strict";
import { test } from "node:test";
import { shuffled, timeWords, warningBetween } from "../../themes/airlock/assets/lib/clock.js";
import { span, timeOfDay } from "../../themes/airlock/assets/lib/format.js";

for (const [seconds, key, count] of [
  [1200, "time_minutes", 20],
  [1199, "time_minutes", 20],
  [1140, "time_minutes", 19],
  [61, "time_minutes", 2],
  [60, "time_seconds", 60],
  [51, "time_seconds", 60],
  [11, "time_seconds", 20],
  [1, "time_seconds", 10],
]) {
  test(`${seconds} seconds are said as ${count}`, () => {
    assert.deepEqual(timeWords(seconds), { key, values: { count } });
  });
}

test("the end is said once it is there", () => {
  assert.equal(timeWords(0).key, "time_over");
  assert.equal(timeWords(-5).key, "time_over");
});

test("warnings are due once, also when a device slept through one", () => {
  assert.equal(warningBetween(301, 300), 300);
  assert.equal(warningBetween(300, 299), null);
  assert.equal(warningBetween(61, 60), 60);
  assert.equal(warningBetween(400, 59), 300, "the first that was passed; what is said is the time left");
  assert.equal(warningBetween(2, 0), null);
});

test("shuffling loses nothing", () => {
  const chances = [0.9, 0.1, 0.5];
  let place = 0;
  const out = shuffled(["a", "b", "c"], () => chances[place++]);
  assert.deepEqual([...out].sort(), ["a", "b", "c"]);
  assert.deepEqual(out, ["c", "a", "b"]);
});

test("a time is said with its day unless it is today's", () => {
  const now = new Date(2026, 10, 21, 9, 0);
  const at = (day) => new Date(2026, 10, day, 14, 5).toISOString();
  assert.equal(timeOfDay(at(21), "en-GB", now), "14:05");
  assert.match(timeOfDay(at(22), "en-GB", now), /22 November.*14:05/);
});

test("spans are said in minutes or hours", () => {
  assert.deepEqual([300, 3600, 5400, 172800].map(span), ["5\u00a0min", "1\u00a0h", "90\u00a0min", "48\u00a0h"]);
});
