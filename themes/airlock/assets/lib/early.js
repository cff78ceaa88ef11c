// Answers that were typed on a device while nobody was signed in. No DOM.

/** Once somebody has said whose they are: they become the draft `mine`, or (null) are gone. */
export function settleEarly(drafts, nobodys, mine) {
  const found = drafts.read(nobodys);
  drafts.remove(nobodys);
  if (!mine || !found) return;
  // What was answered since, with its attempt, stands before it.
  const since = drafts.read(mine) ?? {};
  const { attempt = null, startKey = null } = since;
  const both = (name) => ({ ...found[name], ...since[name] });
  const answers = { responses: both("responses"), states: both("states"), confidence: both("confidence") };
  drafts.write(mine, { ...found, ...since, ...answers, attempt, startKey, submitKey: null });
}
