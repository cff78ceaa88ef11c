// Units as people write them: the twin of site_builder/course/units.py. Both are tested with tests/golden/marking.json.
import table from "../../../../site_builder/course/units.json" with { type: "json" };

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
const END = /[\s.;,!?:]+$/u;
const TIMES = /[·⋅∙•*×✕.]+/gu;
const FACTOR =
  /\s*(?:(?<slash>\/)|(?<open>[([])|(?<close>[)\]])|(?<times>·)|(?<number>[0-9]+)(?:\^(?<over>-?[0-9]{1,2}))?|(?<name>[^\s/·*^()[\]0-9+-]+)(?:\^?\(?(?<power>[+-]?[0-9]{1,2})\)?)?)/uy;

/** Raised digits and signs as plain ones. */
export const lower = (digits) => [...digits].map((sign) => "0123456789+-"[RAISED.indexOf(sign)]).join("");

/** A text with one sign for what looks the same. */
function plain(text) {
  const flat = text
    .replace(/[º˚]/gu, "°")
    .replace(/[⁺⁻]?[⁰¹²³⁴-⁹]+/gu, (digits) => `^${lower(digits)}`)
    .normalize("NFKC")
    .replace(/[\u2010-\u2015\u2212]/gu, "-")
    .replaceAll("**", "^");
  return flat.replace(END, "").trim();
}

const exact = new Map();
const words = new Map();
for (const [name, ways] of Object.entries(table.names)) {
  for (const way of [name, ...ways]) {
    exact.set(plain(way), plain(name));
    // Symbols are told apart by their case; words are not.
    if (way.length > 3) words.set(plain(way).toLowerCase(), words.has(plain(way).toLowerCase()) ? null : plain(name));
  }
}
const names = new Set(exact.values());
const folded = new Set([...names].map((name) => name.toLowerCase()));
const PER = new RegExp(`\\s(?:${table.per.join("|")})\\s`, "giu");
const named = (text) => exact.get(text) ?? words.get(text.toLowerCase()) ?? text;

/** Names and exponents of a unit, in one order; null for what is no unit by its form. */
function factors(text) {
  let rest = plain(text);
  const whole = named(rest.split(/\s+/u).join(" "));
  if (names.has(whole)) return [[whole, 1]];
  rest = ` ${rest} `.replace(PER, "/").trim().replace(TIMES, "·");
  const found = new Map();
  const add = (name, power) => {
    const key = `${power > 0 ? "+" : "-"}${name}`;
    found.set(key, (found.get(key) ?? 0) + Math.abs(power));
  };
  let sign = 1;
  FACTOR.lastIndex = 0;
  while (FACTOR.lastIndex < rest.length) {
    const match = FACTOR.exec(rest);
    if (!match) return null;
    const { slash, number, over, name, power } = match.groups;
    if (slash) sign = -1;
    else if (number && number !== "1") add(number, sign * Number(over ?? 1));
    else if (name) add(named(name), sign * Number(power || 1));
  }
  const list = [...found].map(([key, count]) => [key.slice(1), key[0] === "+" ? count : -count]);
  list.sort(([one, first], [other, second]) => (one < other ? -1 : one > other ? 1 : first - second));
  return list.length ? list : null;
}

/** One spelling for every way to write a unit; "" for what is none by its form. */
export function canonical(text) {
  return (factors(text) ?? []).map(([name, power]) => (power === 1 ? name : `${name}^${power}`)).join("·");
}

/** Whether a text is a unit that exists, whatever question it was typed for. */
export function isUnit(text) {
  const isNumber = (name) => /^[0-9]+$/.test(name);
  return [text, text.replace(/\s+/gu, "")].some((way) => {
    const found = factors(way);
    return (
      found?.some(([name]) => !isNumber(name)) &&
      found.every(([name]) => names.has(name) || folded.has(name.toLowerCase()) || isNumber(name))
    );
  });
}
