// Answers that are not handed in yet: kept on the device until the server has them. No DOM.

/** Drafts in a `Storage`; a full or forbidden storage loses nothing but the draft's survival of a reload. */
export class Drafts {
  #storage;
  #memory = new Map();

  constructor(storage) {
    this.#storage = storage;
  }

  static key(person, module, quiz) {
    return `airlock:draft:${person ?? "nobody"}:${module}:${quiz}`;
  }

  read(key) {
    try {
      const text = this.#storage?.getItem(key) ?? this.#memory.get(key);
      const draft = text ? JSON.parse(text) : null;
      return draft && typeof draft === "object" && typeof draft.responses === "object" ? draft : null;
    } catch {
      return null;
    }
  }

  write(key, draft) {
    const text = JSON.stringify(draft);
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

  /** What somebody answered before signing in becomes theirs, unless they have a draft already. */
  adopt(person, module, quiz) {
    const theirs = Drafts.key(person, module, quiz);
    const nobodys = Drafts.key(null, module, quiz);
    const draft = this.read(theirs);
    const found = this.read(nobodys);
    if (draft || !found) return draft;
    const adopted = { ...found, attempt: null, startKey: null, submitKey: null };
    this.write(theirs, adopted);
    this.remove(nobodys);
    return adopted;
  }
}
