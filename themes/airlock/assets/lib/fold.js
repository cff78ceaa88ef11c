// One spelling for what is forgiven in a typed text: the twin of `fold` in site_builder/course/kinds/text.py.
import { INVISIBLE } from "./numbers.js";

const LETTERS = { œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ß: "ss", ς: "σ" };

/** A text with one sign for what keyboards, phones and word processors write in several ways. */
const oneSign = (text) =>
  text
    .replace(/[’‘ʼ‛´`′ʹˈ‵＇՚ꞌ]/gu, "'")
    .replace(/[“”„‟‹›«»〝〞〟＂″‚]/gu, '"')
    .replace(/[\u2010-\u2015\u2212\ufe63\uff0d⁻₋]/gu, "-")
    .replace(/[⁺₊＋﹢]/gu, "+")
    .replace(/[·•∙⋅‧]/gu, ".")
    .replace(/[≥≤≠×→]/gu, (sign) => ({ "≥": ">=", "≤": "<=", "≠": "/=", "×": "x", "→": "->" })[sign]);

const MINUS = "\u2212";
const FORMULA = /^(?:[A-Z][a-z]?|[0-9()[\].]|[βαγe])+$/u;
const CHARGE = /(?<![^\s(/,;])([^\s/,;]*?)(\s?\(?[0-9]*(?:-+|\++)\)?)(?=$|[\s.,;:!?)/])/gu;

/** The text with the charges of ions as a sign that is no hyphen. */
function charges(text) {
  return text.replace(CHARGE, (all, word, charge, start, whole) => {
    const bare = charge.replace(/^[() ]+|[() ]+$/g, "");
    const ends = /^[ .,;:!?)"']*$/.test(whole.slice(start + all.length));
    const short = [...word].length <= 3 || /[0-9]/.test(word);
    const isFormula = FORMULA.test(word) && /\p{L}/u.test(word);
    const apart = charge.startsWith(" ") && !/[0-9]/.test(bare);
    if (!word || (apart && !(ends && start === 0))) return all;
    if (!(isFormula || (ends && short && !apart))) return all;
    const digits = bare.replace(/[+-]+$/, "");
    const times = bare.length - digits.length;
    return `${word}${digits}${times > 1 ? times : ""}${bare.endsWith("-") ? MINUS : "+"}`;
  });
}

/** One spelling for what is forgiven: case, accents, spacing, hyphens, and punctuation at the ends. */
export function fold(text) {
  const formula = oneSign(text.replace(INVISIBLE, "")).replace(
    /\^\{?|(?<=[\p{L}\p{N}_])_(?=[0-9{])\{?|(?<=[0-9+-])\}/gu,
    "",
  );
  const plain = charges(oneSign(formula.normalize("NFKD")).replace(/\s+/gu, " ").trim())
    .toLowerCase()
    .replace(/[œæøłđðþıßς]/gu, (sign) => LETTERS[sign])
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/(?<![\p{L}\p{N}])-\s*(?=[0-9])/gu, MINUS)
    .replace(/(?<=[0-9]),(?=[0-9])/gu, ".")
    .replace(/[\s\-_]+/gu, " ")
    .replace(/(?<=[0-9]) (?=[a-z%°µμω])| (?=%)|(?<=[0-9]) ?\. ?(?=[0-9])/gu, (all) => (all.includes(".") ? "." : ""))
    .replace(/\s*'\s*/gu, "'");
  return plain.replace(/^[ .,;:!?"'()]+|[ .,;:!?"'()]+$/gu, "") || text.trim().toLowerCase();
}
