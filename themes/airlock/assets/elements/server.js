// The one API client of a page.
import { Api } from "../lib/api.js";

export const api = new Api((...args) => globalThis.fetch(...args));
