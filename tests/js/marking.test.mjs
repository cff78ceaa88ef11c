// The browser marks practice questions by the same rules as the server: the same cases, read by both.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fold } from "../../themes/airlock/assets/lib/fold.js";
import {
  markChoice,
  markCloze,
  markMatching,
  markNumeric,
  markOrdering,
  markText,
  summarise,
} from "../../themes/airlock/assets/lib/marking.js";
import { readNumber, unreadable } from "../../themes/airlock/assets/lib/numbers.js";
import { canonical } from "../../themes/airlock/assets/lib/units.js";

const cases = JSON.parse(readFileSync(new URL("../golden/marking.json", import.meta.url), "utf8"));
const { choice, numeric } = cases;

for (const item of choice) {
  test(`choice ${JSON.stringify(item)}`, () => {
    const grade = markChoice(item.response, item.right, item.several);
    assert.equal(grade.score, item.score);
    assert.equal(grade.correct, item.correct);
    assert.equal(grade.reason, item.reason ?? "");
  });
}

/** Keys as the builder compiles them. */
const python = process.env.AIRLOCK_PYTHON ?? new URL("../../.venv/bin/python", import.meta.url).pathname;
const { keys: compiled, readings } = JSON.parse(
  execFileSync(python, ["-m", "tests.golden_keys"], {
    cwd: new URL("../..", import.meta.url),
    encoding: "utf8",
    maxBuffer: 2 ** 24,
  }),
);

test("what people type means the same to the browser and to the server", () => {
  const differences = [];
  for (const item of readings) {
    const { values, unit } = readNumber(item.text);
    const found = {
      text: item.text,
      values,
      unit: canonical(unit),
      unreadable: [unreadable(item.text, false), unreadable(item.text, true)],
      folded: fold(item.text),
    };
    if (JSON.stringify(found) !== JSON.stringify({ ...item, values: item.values })) differences.push([found, item]);
  }
  assert.deepEqual(differences.slice(0, 5), []);
  assert.ok(readings.filter((item) => item.values.length).length > 300, "enough of them are numbers");
});

for (const item of numeric) {
  test(`numeric ${JSON.stringify(item)}`, () => {
    const key = compiled[item.key];
    const grade = markNumeric(item.response, {
      low: Number(key.low),
      high: Number(key.high),
      units: key.units.map(([name, factor, offset]) => ({
        name,
        factor: Number(factor),
        offset: Number(offset),
      })),
    });
    assert.equal(grade.correct, item.correct);
    assert.equal(grade.reason, item.reason ?? "");
  });
}

const others = {
  text: (item) => markText(item.response, item.accepted),
  ordering: (item) => markOrdering(item.response, new Map(Object.entries(item.ranks))),
  matching: (item) => markMatching(item.response, item.matches),
  cloze: (item) => markCloze(item.response, item.gaps),
};
for (const [kind, mark] of Object.entries(others)) {
  for (const item of cases[kind]) {
    test(`${kind} ${JSON.stringify(item)}`, () => {
      const grade = mark(item);
      const score = item.score ?? Number(item.correct);
      assert.ok(Math.abs(grade.score - score) < 1e-9, `${grade.score} is not ${score}`);
      assert.equal(grade.correct, score === 1);
      assert.equal(grade.reason, item.reason ?? "");
    });
  }
}

test("summary of a practice quiz", () => {
  const grades = [
    { score: 1, correct: true },
    { score: 0.5, correct: false },
  ];
  assert.deepEqual(summarise(grades), { score: 0.75, right: 1, total: 2 });
});
