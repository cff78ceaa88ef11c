// The texts of the page's language, chosen when the elements are bundled.
import common from "airlock:texts";
import { fill } from "./format.js";

const texts = { ...common };

/** More texts, of pages that not everybody opens. */
export function addTexts(more) {
  Object.assign(texts, more);
}

export const lang = __LANG__;

/** How dates and numbers are written: as in Europe, also in English. */
export const locale = __LOCALE__;

/** Codes of all languages that people may read messages in. */
export const languages = __LANGUAGES__.split(" ");

/** The text of a key with its values filled in. */
export function t(key, values) {
  return fill(texts[key] ?? key, values);
}

const plurals = new Intl.PluralRules(locale);

/** Whether a number takes the singular: 1, and in French 0. */
export function isOne(count) {
  return plurals.select(count) === "one";
}

/** The sentence for an error of the API, by its stable code. */
export function errorText(error) {
  return fill(texts[`error_${error.code}`] ?? texts.error_generic, error.problem ?? {});
}
