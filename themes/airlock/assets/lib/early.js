// Answers that were typed on a device while nobody was signed in. No DOM.

/** Once somebody has said whose they are: they become the draft `mine`, or (null) are gone. */
export function settleEarly(drafts, nobodys, mine) {
  const found = drafts.read(nobodys);
  drafts.remove(nobodys);
  if (mine && found) drafts.write(mine, { ...found, attempt: null, startKey: null, submitKey: null });
}
