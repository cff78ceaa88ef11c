// Marks practice questions in the browser, by the same rules as site_builder/course/grading.py.
// Both are tested with tests/golden/marking.json.

import { fold } from "./fold.js";
import { findConversion, readNumber, unreadable } from "./numbers.js";

const RIGHT = { score: 1, correct: true, answered: true, reason: "" };
const WRONG = { score: 0, correct: false, answered: true, reason: "" };
const UNANSWERED = { score: 0, correct: false, answered: false, reason: "unanswered" };

/** Marks a list of option ids against the right ones. */
export function markChoice(response, right, several) {
  if (!response || response.length === 0) return UNANSWERED;
  const chosen = new Set(response);
  const hits = right.filter((id) => chosen.has(id)).length;
  if (hits === right.length && chosen.size === right.length) return RIGHT;
  if (!several) return WRONG;
  return { ...WRONG, score: Math.max(0, (hits - (chosen.size - hits)) / right.length) };
}

/** Marks a typed number. `key` is { low, high, units: [{ name, factor, offset }] }, with normalised names. */
export function markNumeric(response, key) {
  if (typeof response !== "string" || !response.trim()) return UNANSWERED;
  const reason = unreadable(response, key.units.length > 0);
  if (reason) return { ...WRONG, reason };
  const { values, unit } = readNumber(response);
  const conversion = key.units.length ? findConversion(key.units, unit) : { factor: 1, offset: 0 };
  if (!conversion) return { ...WRONG, reason: "unit-unknown" };
  // Numbers in binary are off by parts in 10^16; the server counts in fractions.
  const inside = values.some((value) => {
    const scaled = value * conversion.factor;
    const found = scaled + conversion.offset;
    const slack =
      1e-12 * Math.max(Math.abs(key.low), Math.abs(key.high), Math.abs(scaled), Math.abs(conversion.offset));
    return found >= key.low - slack && found <= key.high + slack;
  });
  return inside ? RIGHT : WRONG;
}

/** Score, and whether everything was answered, of a whole practice quiz. */
export function summarise(grades) {
  const total = grades.length;
  const score = total ? grades.reduce((sum, grade) => sum + grade.score, 0) / total : 0;
  return { score, right: grades.filter((grade) => grade.correct).length, total };
}

/** Marks a typed text against those that are accepted. */
export function markText(response, accepted) {
  if (typeof response !== "string" || !response.trim()) return UNANSWERED;
  return accepted.some((text) => fold(text) === fold(response)) ? RIGHT : WRONG;
}

const parts = (right, of) => (right === of ? RIGHT : { ...WRONG, score: Math.max(0, right / of) });

/** Places of the longest run of ranks that never goes down; it need not be in one piece. */
export function longestRun(ranks) {
  const ends = []; // For each length, the place at which the best run of that length ends.
  const before = [];
  ranks.forEach((rank, place) => {
    if (!rank) return;
    let length = ends.length;
    while (length > 0 && ranks[ends[length - 1]] > rank) length -= 1;
    before[place] = length ? ends[length - 1] : -1;
    ends[length] = place;
  });
  const run = new Set();
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place]) run.add(place);
  return run;
}

/** Marks an order of ids. `rankOf` gives the rank of each id, 0 for what belongs nowhere. */
export function markOrdering(response, rankOf) {
  if (!response || response.length === 0) return UNANSWERED;
  const ranks = response.map((id) => rankOf.get(id) ?? 0);
  const wanted = [...rankOf.values()].filter(Boolean).length;
  return parts(longestRun(ranks).size - ranks.filter((rank) => !rank).length, wanted);
}

/** Marks pairs: both are maps of left ids to right ids. */
export function markMatching(response, matches) {
  if (!response || Object.keys(response).length === 0) return UNANSWERED;
  const ids = Object.keys(matches);
  return parts(ids.filter((id) => response[id] === matches[id]).length, ids.length);
}

/** Whether one gap is filled rightly. */
export function gapIsRight(said, gap) {
  return gap.right ? said === gap.right : markText(said, gap.accepted).correct;
}

/** Marks gaps: `gaps` maps ids to { right, accepted }. */
export function markCloze(response, gaps) {
  if (!response || Object.values(response).every((said) => !said.trim())) return UNANSWERED;
  const ids = Object.keys(gaps);
  return parts(ids.filter((id) => gapIsRight(response[id] ?? "", gaps[id])).length, ids.length);
}
