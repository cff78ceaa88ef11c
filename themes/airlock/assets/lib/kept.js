// What pages keep on a device, and when it goes. No DOM.

const DOOR = "airlock:door:";
const DAY = "airlock:event:";
const DRAFT = "airlock:draft:";
const NOBODYS = `${DRAFT}nobody:`;
const DAY_LONG = 86_400_000;
const KEPT_DAYS = 60;

/** Forgets answers that have waited so long to be handed in that nobody comes back for them (of nobody, a day), and broken ones. */
export function forgetOldDrafts(storage, now = Date.now()) {
  for (const key of Object.keys(storage).filter((one) => one.startsWith(DRAFT))) {
    try {
      const days = key.startsWith(NOBODYS) ? 1 : KEPT_DAYS;
      if (!(now - JSON.parse(storage.getItem(key)).at > days * DAY_LONG)) continue;
    } catch {
      // It says nothing that anybody could read.
    }
    storage.removeItem(key);
  }
}

/** Forgets what pages kept of events, when somebody signs out: but for lines that are not sent. */
export function forgetEvents(storage) {
  forgetOldDrafts(storage);
  const keys = [];
  for (let place = 0; place < storage.length; place += 1) keys.push(storage.key(place));
  for (const key of keys) {
    const line = key.includes(":line:");
    // A tablet with unsent lines keeps its roster: without it they could not be told.
    const needed = key.startsWith(DOOR) && keys.some((other) => other.startsWith(`${key}:line:`));
    if ((key.startsWith(DOOR) || key.startsWith(DAY)) && !line && !needed) storage.removeItem(key);
  }
}

/** Makes room for the page of an event: those of other days go. */
export function keepDay(storage, id, content) {
  for (let place = storage.length - 1; place >= 0; place -= 1) {
    const key = storage.key(place);
    if (key.startsWith(DAY) && !key.startsWith(`${DAY}${id}`)) storage.removeItem(key);
  }
  storage.setItem(`${DAY}${id}`, JSON.stringify(content));
}
