import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, moved } from "../../themes/airlock/assets/lib/matrix.js";

const cell = (state, late = false) => ({ state, late });
const learners = [
  { name: "Ann", late: 0, done: 2, given: 2, cells: [cell("passed"), cell("done")] },
  { name: "Bob", late: 2, done: 0, given: 2, cells: [cell("open", true), cell("open", true)] },
  { name: "Cid", late: 1, done: 1, given: 2, cells: [cell("passed"), cell("failed", true)] },
  { name: "Dee", late: 0, done: 0, given: 1, cells: [null, cell("renew")] },
];
const names = (filter, sort = "name") => arrange(learners, filter, sort).map((learner) => learner.name);

test("a filter keeps those whom it names", () => {
  assert.deepEqual(names("all"), ["Ann", "Bob", "Cid", "Dee"]);
  assert.deepEqual(names("late"), ["Bob", "Cid"]);
  assert.deepEqual(names("open"), ["Bob"]);
  assert.deepEqual(names("failed"), ["Cid"]);
  assert.deepEqual(names("renew"), ["Dee"]);
});

test("an order keeps equal learners by name, and changes nothing in place", () => {
  assert.deepEqual(names("all", "late"), ["Bob", "Cid", "Ann", "Dee"]);
  assert.deepEqual(names("all", "done"), ["Bob", "Dee", "Cid", "Ann"]);
  assert.deepEqual(names("all"), ["Ann", "Bob", "Cid", "Dee"]);
});

test("arrow keys stay in the table", () => {
  assert.deepEqual(moved("ArrowRight", [0, 0], [3, 4]), [0, 1]);
  assert.deepEqual(moved("ArrowLeft", [0, 0], [3, 4]), [0, 0]);
  assert.deepEqual(moved("ArrowDown", [2, 1], [3, 4]), [2, 1]);
  assert.deepEqual(moved("ArrowUp", [2, 1], [3, 4]), [1, 1]);
  assert.deepEqual(moved("Home", [2, 3], [3, 4]), [2, 0]);
  assert.deepEqual(moved("End", [1, 0], [3, 4]), [1, 3]);
  assert.deepEqual(moved("End", [1, 0], [3, 4], true), [2, 3]);
  assert.deepEqual(moved("Home", [2, 3], [3, 4], true), [0, 0]);
  assert.deepEqual(moved("PageDown", [0, 2], [3, 4]), [2, 2]);
  assert.deepEqual(moved("PageUp", [2, 2], [3, 4]), [0, 2]);
  assert.equal(moved("a", [0, 0], [3, 4]), null);
});
