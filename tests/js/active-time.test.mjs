import assert from "node:assert/strict";
import { test } from "node:test";
import { ActiveTime, IDLE } from "../../themes/airlock/assets/lib/active-time.js";

const minute = 60_000;
const total = (spans) => spans.reduce((sum, span) => sum + span.ends - span.begins, 0);

test("time counts while somebody does something at least every two minutes", () => {
  const time = new ActiveTime();
  for (let at = 0; at <= 10 * minute; at += minute) time.touch(at);
  assert.equal(total(time.take(10 * minute)), 10 * minute);
});

test("two minutes after the last sign of life it stops, and goes on with the next", () => {
  const time = new ActiveTime();
  time.touch(0);
  time.touch(30 * minute);
  time.hide(31 * minute);
  assert.deepEqual(time.take(40 * minute), [
    { begins: 0, ends: IDLE },
    { begins: 30 * minute, ends: 31 * minute },
  ]);
  assert.equal(time.isActive, false);
});

test("what is taken twice is there once, and nothing is lost between", () => {
  const time = new ActiveTime();
  time.touch(0);
  const first = time.take(minute);
  const second = time.take(2 * minute);
  assert.equal(total(first) + total(second), 2 * minute);
  assert.equal(total(time.take(50 * minute)), 0, "the last sign of life is long ago");
});

test("a page that is hidden counts nothing", () => {
  const time = new ActiveTime();
  time.touch(0);
  time.hide(1000);
  assert.equal(total(time.take(90 * minute)), 1000);
  time.hide(91 * minute);
  assert.deepEqual(time.take(92 * minute), []);
});
