// Answers that are not handed in yet: kept on the device until the server has them. No DOM.

const DAY = 86_400_000;
const PREFIX = "airlock:draft:";
const NOBODY = "nobody";
/** For how long answers wait to be handed in, days; those of nobody, who may be anybody, wait one. */
const KEPT = 60;

/** Drafts in a `Storage`; a full or forbidden storage loses nothing but the draft's survival of a reload. */
export class Drafts {
  #storage;
  #memory = new Map();

  constructor(storage) {
    this.#storage = storage;
  }

  static key(person, module, quiz) {
    return `${PREFIX}${person ?? NOBODY}:${module}:${quiz}`;
  }

  read(key) {
    try {
      const text = this.#storage?.getItem(key) ?? this.#memory.get(key);
      const draft = text && JSON.parse(text);
      if (typeof draft?.responses !== "object") return null;
      if (!(Date.now() - draft.at > (key.startsWith(PREFIX + NOBODY) ? DAY : KEPT * DAY))) return draft;
      this.remove(key);
    } catch {
      // Broken ones are none.
    }
    return null;
  }

  write(key, draft) {
    const text = JSON.stringify({ ...draft, at: Date.now() });
    this.#memory.set(key, text);
    try {
      this.#storage?.setItem(key, text);
    } catch {
      // Storage is full or switched off; the copy in memory still serves this page.
    }
  }

  remove(key) {
    this.#memory.delete(key);
    try {
      this.#storage?.removeItem(key);
    } catch {
      // As above.
    }
  }
}
