// The one API client of a page.
import { Api } from "../lib/api.js";

/** The device's storage, or null where it is forbidden. */
export const storage = (() => {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
})();

export const api = new Api((...args) => globalThis.fetch(...args), { storage });
