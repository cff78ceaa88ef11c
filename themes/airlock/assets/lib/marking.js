// Marks practice questions in the browser, by the same rules as site_builder/course/grading.py.
// Both are tested with tests/golden/marking.json.

const RIGHT = { score: 1, correct: true, answered: true, reason: "" };
const WRONG = { score: 0, correct: false, answered: true, reason: "" };
const UNANSWERED = { score: 0, correct: false, answered: false, reason: "unanswered" };

/** Marks a list of option ids against the right ones. */
export function markChoice(response, right, several) {
  if (!response || response.length === 0) return UNANSWERED;
  const chosen = new Set(response);
  const hits = right.filter((id) => chosen.has(id)).length;
  if (hits === right.length && chosen.size === right.length) return RIGHT;
  if (!several) return WRONG;
  return { ...WRONG, score: Math.max(0, (hits - (chosen.size - hits)) / right.length) };
}

const NUMBER = /^([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,3}))?(?![0-9])(.*)$/su;
const POWER = /\s*[x×*·]\s*10\s*(?:\^\s*([+-]?[0-9]+)|([+-][0-9]+))/gu;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
const SPACED = /[0-9]\s+(?![0-9]{3}(?![0-9]))[0-9]/u;
const GROUPS = /^[0-9]{1,3}(?:[.,][0-9]{3})+$/;

/** One spelling for what looks the same. */
export function normaliseUnit(text) {
  const folded = text.replace(/[º˚]/gu, "°").normalize("NFKC").replaceAll("·", ".");
  return folded.replace(/[\u2212\u2010]/gu, "-").replace(/\s+/gu, "");
}

/** The possible values of a typed number, and its unit. */
export function readNumber(text) {
  if (text.length > 60) return { values: [], unit: "" };
  const lower = (digits) => [...digits].map((sign) => "0123456789+-"[RAISED.indexOf(sign)]).join("");
  const spoken = text
    .replace(INVISIBLE, "")
    .trim()
    .replace(/10\s*([⁺⁻]?[⁰¹²³⁴-⁹]+)/gu, (_whole, digits) => `10^${lower(digits)}`)
    .replace(/^[\u2010-\u2015\u2212](?=\s*[0-9])/u, "-")
    .replaceAll("\u2212", "-")
    .replace(POWER, (_whole, raised, signed) => `e${raised ?? signed}`)
    .replace(/^([+-]?)10\s*\^\s*(?=[+-]?[0-9])/u, "$11e")
    .replace(/^(pH)\s*[=:]?\s*([0-9.,]+)$/iu, "$2 $1");
  if (SPACED.test(spoken)) return { values: [], unit: "" };
  const plain = normaliseUnit(spoken).replace(/(?<=[0-9])['’](?=[0-9]{3})/g, "");
  const match = NUMBER.exec(plain);
  if (!match) return { values: [], unit: "" };
  const [, sign, digits, exponent = "0", unit] = match;
  if (Math.abs(Number(exponent)) > 40) return { values: [], unit: "" };
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

/** Marks a typed number. `key` is { low, high, units: [{ name, factor, offset }] }, with normalised names. */
export function markNumeric(response, key) {
  if (typeof response !== "string" || !response.trim()) return UNANSWERED;
  const { values, unit } = readNumber(response);
  if (values.length === 0) return { ...WRONG, reason: "not-a-number" };
  let conversion = { factor: 1, offset: 0 };
  if (key.units.length === 0) {
    if (unit) return { ...WRONG, reason: "unit-unexpected" };
  } else if (!unit) {
    return { ...WRONG, reason: "unit-missing" };
  } else {
    const found = findConversion(key.units, unit);
    if (!found) return { ...WRONG, reason: "unit-unknown" };
    conversion = found;
  }
  // Numbers in binary are off by parts in 10^16; the server counts in fractions.
  const inside = values.some((value) => {
    const scaled = value * conversion.factor;
    const found = scaled + conversion.offset;
    const slack =
      1e-12 * Math.max(Math.abs(key.low), Math.abs(key.high), Math.abs(scaled), Math.abs(conversion.offset));
    return found >= key.low - slack && found <= key.high + slack;
  });
  return inside ? RIGHT : WRONG;
}

function findConversion(units, name) {
  const exact = units.find((unit) => unit.name === name);
  if (exact) return exact;
  const folded = name.toLowerCase();
  const alike = new Map(
    units
      .filter((unit) => unit.name.toLowerCase() === folded && !(name[0] === "m" && unit.name[0] === "M"))
      .map((unit) => [`${unit.factor} ${unit.offset}`, unit]),
  );
  return alike.size === 1 ? [...alike.values()][0] : undefined;
}

/** Score, and whether everything was answered, of a whole practice quiz. */
export function summarise(grades) {
  const total = grades.length;
  const score = total ? grades.reduce((sum, grade) => sum + grade.score, 0) / total : 0;
  return { score, right: grades.filter((grade) => grade.correct).length, total };
}

const LETTERS = { œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d", "’": "'", "‘": "'", ʼ: "'", ß: "ss" };

const INVISIBLE = /[\ufeff\u00ad\u200b-\u200f\u2060]/gu;

/** One spelling for what is forgiven: case, accents, spacing, hyphens, and punctuation at the ends. */
export function fold(text) {
  const plain = text
    .replace(INVISIBLE, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[œæøłđ’‘ʼß]/gu, (sign) => LETTERS[sign])
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/(?<![\p{L}\p{N}])[-\u2010-\u2015\u2212](?=\s*[0-9])/gu, "\u2212")
    .replace(/(?<=[0-9]),(?=[0-9])/gu, ".")
    .replace(/[\s\-\u2010-\u2015\u00ad_]+/gu, " ")
    .replace(/\s*'\s*/gu, "'");
  return plain.replace(/^[ .,;:!?"'«»“”()]+|[ .,;:!?"'«»“”()]+$/gu, "") || text.trim().toLowerCase();
}

/** Marks a typed text against those that are accepted. */
export function markText(response, accepted) {
  if (typeof response !== "string" || !response.trim()) return UNANSWERED;
  return accepted.some((text) => fold(text) === fold(response)) ? RIGHT : WRONG;
}

const parts = (right, of) => (right === of ? RIGHT : { ...WRONG, score: Math.max(0, right / of) });

/** Places of the longest run of ranks that never goes down; it need not be in one piece. */
export function longestRun(ranks) {
  const ends = []; // For each length, the place at which the best run of that length ends.
  const before = [];
  ranks.forEach((rank, place) => {
    if (!rank) return;
    let length = ends.length;
    while (length > 0 && ranks[ends[length - 1]] > rank) length -= 1;
    before[place] = length ? ends[length - 1] : -1;
    ends[length] = place;
  });
  const run = new Set();
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place]) run.add(place);
  return run;
}

/** Marks an order of ids. `rankOf` gives the rank of each id, 0 for what belongs nowhere. */
export function markOrdering(response, rankOf) {
  if (!response || response.length === 0) return UNANSWERED;
  const ranks = response.map((id) => rankOf.get(id) ?? 0);
  const wanted = [...rankOf.values()].filter(Boolean).length;
  return parts(longestRun(ranks).size - ranks.filter((rank) => !rank).length, wanted);
}

/** Marks pairs: both are maps of left ids to right ids. */
export function markMatching(response, matches) {
  if (!response || Object.keys(response).length === 0) return UNANSWERED;
  const ids = Object.keys(matches);
  return parts(ids.filter((id) => response[id] === matches[id]).length, ids.length);
}

/** Whether one gap is filled rightly. */
export function gapIsRight(said, gap) {
  return gap.right ? said === gap.right : markText(said, gap.accepted).correct;
}

/** Marks gaps: `gaps` maps ids to { right, accepted }. */
export function markCloze(response, gaps) {
  if (!response || Object.values(response).every((said) => !said.trim())) return UNANSWERED;
  const ids = Object.keys(gaps);
  return parts(ids.filter((id) => gapIsRight(response[id] ?? "", gaps[id])).length, ids.length);
}
