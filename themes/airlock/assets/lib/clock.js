// How the time that is left is said, and when it is announced. No DOM.

/** Seconds before the end at which a warning is announced. */
export const WARNINGS = [300, 60];

/** Key and values of the words for the time left: whole minutes, and tens of seconds in the last one. */
export function timeWords(seconds) {
  if (seconds <= 0) return { key: "time_over", values: {} };
  if (seconds <= 60) return { key: "time_seconds", values: { count: Math.max(10, Math.ceil(seconds / 10) * 10) } };
  const count = Math.ceil(seconds / 60);
  return { key: "time_minutes", values: { count } };
}

/** The warning that is due when the time left went from `before` to `now`, in seconds; null for none. */
export function warningBetween(before, now) {
  return WARNINGS.find((mark) => before > mark && now <= mark && now > 0) ?? null;
}

/** The same things in a random order. */
export function shuffled(things, random = Math.random) {
  const left = [...things];
  const out = [];
  while (left.length) out.push(...left.splice(Math.floor(random() * left.length), 1));
  return out;
}
