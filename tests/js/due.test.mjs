import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dueWords, fill } from "../../themes/airlock/assets/lib/format.js";

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
