// Numbers with units, as people type them: the twin of site_builder/course/numbers.py.
import { canonical, isUnit, lower } from "./units.js";

/** Signs that nobody sees and keyboards, clipboards and files bring along. */
export const INVISIBLE =
  /[\ufeff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]|\u034f|\p{Variation_Selector}/gu;

const HEDGE = /^(?:[=≈≃≅≒∼~]|(?:ca|env|approx|circa|environ|about|ongeveer)(?![\p{L}\p{N}_])\.?)\s*(?=\S)/iu;
const EXPONENT = String.raw`\s*(?:\^|\*\*)\s*[({]?\s*([+-]?)\s*([0-9]+)\s*[)}]?`;
const POWER = new RegExp(String.raw`(?<=[0-9.,])(?:\s*[xX×хХ*·⋅∙•✕.]\s*|\s+)10${EXPONENT}`, "gu");
const SIGNED_POWER = /(?<=[0-9.,])\s*[xX×хХ*·⋅∙•✕]\s*10([+-][0-9]+)/gu;
const BARE_POWER = new RegExp(`^([+-]?)10${EXPONENT}`, "u");
const GROUP = /(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))/gu;
const LAST_GROUP = /^([+-]?[0-9]*[.,](?:[0-9]{3})+)\s([0-9]{1,2})(?![0-9])/u;
const NUMBER = /^([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(?:\s?[eE]([+-]?[0-9]{1,3})(?![0-9]))?(.*)$/su;
const GROUPS = /^[0-9]{1,3}(?:[.,][0-9]{3})+$/;
const NOTHING = { values: [], unit: "" };

const CLOCK = [
  [86400, "d|j|days?|jours?|dag(?:en)?"],
  [3600, "h|hrs?|hours?|heures?|u|uur|uren"],
  [60, "(?<minute>min(?:s|utes?|uut|uten)?|mn|m|['′’])"],
  [1, 's|secs?|seconds?|secondes?|seconden|["″”]'],
];
const PART = (called, place) => `(?:(?<p${place}>[0-9]+(?:[.,][0-9]+)?)\\s*(?:${called})\\.?\\s*(?:et|and|en)?\\s*)?`;
const DURATION = new RegExp(
  `^${CLOCK.map(([, called], place) => PART(called, place)).join("")}(?<rest>[0-9]{1,2})?$`,
  "iu",
);

/** Seconds of a duration that has several parts; null for anything else. */
function readDuration(text) {
  const match = DURATION.exec(text);
  if (!match) return null;
  const { p0, p1, p2, p3, minute, rest } = match.groups;
  const parts = [p0, p1, p2, p3];
  if (/^m$/i.test(minute ?? "") && !p1) return null; // 1 m 80 is a length.
  if (rest) {
    const last = parts.findLastIndex(Boolean);
    if ((last !== 1 && last !== 2) || parts[last + 1]) return null;
    parts[last + 1] = rest;
  }
  if (parts.filter((part) => part !== undefined).length < 2) return null;
  return parts.reduce((sum, part, place) => sum + (part ? Number(part.replace(",", ".")) * CLOCK[place][0] : 0), 0);
}

/** The possible values of a typed number, and its unit as it was typed. */
export function readNumber(text) {
  if ([...text].length > 60) return NOTHING;
  let said = text
    .replace(INVISIBLE, "")
    .replace(/[０-９＋－．，]/gu, (sign) => sign.normalize("NFKC"))
    .trim()
    .replace(HEDGE, "")
    .replace(/(?<=\S)[\s.;,!?:]+$/u, "");
  const seconds = readDuration(said);
  if (seconds !== null) return { values: [seconds], unit: "s" };
  said = said
    .replace(/^([+\-\u2010-\u2015\u2212])\s*(?=[0-9.,])/u, (_whole, sign) => (sign === "+" ? "+" : "-"))
    .replace(/(?<![0-9])10\s*([⁺⁻]?[⁰¹²³⁴-⁹]+)/gu, (_whole, digits) => `10^${lower(digits)}`)
    .replaceAll("\u2212", "-")
    .replace(SIGNED_POWER, "e$1")
    .replace(POWER, "e$1$2")
    .replace(BARE_POWER, "$11e$2$3")
    .replace(/^(pH)\s*[=:≈]?\s*([0-9.,]+)$/iu, "$2 $1")
    .replace(GROUP, "")
    .replace(LAST_GROUP, "$1$2");
  const match = NUMBER.exec(said);
  if (!match) return NOTHING;
  const [, sign, digits, exponent = "0", rest] = match;
  const unit = rest.trim();
  // Raised, lowered and circled digits, and fractions: 5² is not 52.
  if (/^[\p{Nd}\p{No}]/u.test(unit)) return NOTHING;
  if (Math.abs(Number(exponent)) > 40) return NOTHING;
  const readings = [];
  const decimal = digits.replaceAll(",", ".");
  const points = decimal.split(".").length - 1;
  const signs = new Set(digits.replace(/[0-9]/g, ""));
  if (points <= 1) readings.push(decimal);
  if (GROUPS.test(digits) && signs.size === 1 && !digits.startsWith("0")) {
    readings.push(digits.replace(/[.,]/g, ""));
  } else if (points > 1) {
    const cut = decimal.lastIndexOf(".");
    const whole = decimal.slice(0, cut);
    if (GROUPS.test(whole) && !digits.slice(0, cut).includes(digits[cut])) {
      readings.push(`${whole.replaceAll(".", "")}.${decimal.slice(cut + 1)}`);
    }
  }
  return { values: readings.map((reading) => Number(`${sign}${reading}e${exponent}`)), unit };
}

/** Why a text can be read as no answer at all, whatever the key is; "" when it can. */
export function unreadable(text, hasUnit) {
  if (!text.trim()) return "";
  const { values, unit } = readNumber(text);
  if (values.length === 0) return "not-a-number";
  if (!hasUnit) return unit ? "unit-unexpected" : "";
  if (!unit) return "unit-missing";
  return isUnit(unit) ? "" : "unit-unreadable";
}

/** The conversion for a unit as typed: exact first, then without regard to case where that is unambiguous. */
export function findConversion(units, typed) {
  const ways = [...new Set([canonical(typed), canonical(typed.replace(/\s+/gu, ""))].filter(Boolean))];
  for (const name of ways) {
    const exact = units.find((unit) => unit.name === name);
    if (exact) return exact;
  }
  for (const name of ways) {
    const alike = new Map(
      units
        .filter((unit) => unit.name.toLowerCase() === name.toLowerCase() && !(name[0] === "m" && unit.name[0] === "M"))
        .map((unit) => [`${unit.factor} ${unit.offset}`, unit]),
    );
    if (alike.size === 1) return [...alike.values()][0];
  }
  return undefined;
}
