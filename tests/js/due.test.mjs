import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dueWords, fill, inDays, longDate } from "../../themes/airlock/assets/lib/format.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const texts = Object.fromEntries(
  ["en", "fr", "nl"].map((lang) => [lang, read(`../../themes/airlock/texts/${lang}.json`)]),
);

for (const { now, due, zone, lang, words } of read("../golden/due.json")) {
  test(`at ${now}, due at ${due}, in ${zone}, ${lang}: ${words}`, () => {
    const { key, values } = dueWords(due, new Date(now), zone);
    assert.equal(fill(texts[lang][key], values), words);
  });
}

test("a week from today is counted where the class is, whatever the reader's own day", () => {
  const late = new Date("2026-11-26T23:30:00Z");
  assert.equal(inDays(7, "16:00", "Europe/Brussels", late), "2026-12-04T16:00");
  assert.equal(inDays(7, "16:00", "America/New_York", late), "2026-12-03T16:00");
  assert.equal(inDays(1, "09:00", "Europe/Brussels", new Date("2026-10-24T12:00:00Z")), "2026-10-25T09:00");
});

test("the first of a month is an ordinal in French alone", () => {
  assert.equal(longDate("2026-01-01T12:00:00Z", "fr"), "1er janvier 2026");
  assert.equal(longDate("2026-01-11T12:00:00Z", "fr"), "11 janvier 2026");
  assert.equal(longDate("2026-01-01T12:00:00Z", "nl"), "1 januari 2026");
});
