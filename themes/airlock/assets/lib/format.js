// Texts with values, dates and numbers. No DOM.

/** Fills {name} in a template; an unknown name stays as it is, so that a slip is seen. */
export function fill(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A score of 0..1 as a whole percentage; 1 only when nothing was wrong, and never rounded up over a pass mark. */
export function percent(score) {
  return Math.floor(score * 100 + 1e-9);
}

/** A score of 0..1 as it is written in a language: "80 %" in French, "80%" in Dutch and English. */
export function share(score, lang) {
  return new Intl.NumberFormat(lang, { style: "percent" }).format(percent(score) / 100);
}

/** "21 November 2026", in the language given, in the reader's time zone. */
export function longDate(iso, lang) {
  const text = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", year: "numeric" }).format(new Date(iso));
  // The first of a month is an ordinal in French, which Unicode's data leave out.
  return lang.startsWith("fr") ? text.replace(/^1 /, "1er ") : text;
}

/** The calendar's day of a moment in a time zone: "2026-11-28". */
function dayIn(zone, date) {
  const parts = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", parts).format(date);
}

/** Whole days from `now` to `due` by the calendar of a time zone: 0 today, 1 tomorrow, negative when late. */
export function daysUntil(due, now = new Date(), zone = undefined) {
  const day = (date) => Date.parse(`${dayIn(zone, new Date(date))}T00:00:00Z`);
  return Math.round((day(due) - day(now)) / 86_400_000);
}

/** Key and values of the words for a due date in its class's time zone; the same words everywhere, also in e-mails. */
export function dueWords(due, now = new Date(), zone = undefined) {
  const days = daysUntil(due, now, zone);
  if (new Date(due) < new Date(now) && days >= 0) return { key: "due_late_one", values: {} };
  if (days === 0) return { key: "due_today", values: {} };
  if (days === 1) return { key: "due_tomorrow", values: {} };
  if (days > 1) return { key: "due_in", values: { days } };
  return days === -1 ? { key: "due_late_one", values: {} } : { key: "due_late", values: { days: -days } };
}

/** A path of this site to go to after signing in, or the fallback: never another origin.
 *
 * What is given back is read once more, as the browser will read it: "/.//other.example" is a path of this site, and
 * what is left of it, "//other.example", is none. */
export function safeNext(next, fallback, origin) {
  if (!next?.startsWith("/")) return fallback;
  try {
    const url = new URL(next, origin);
    const path = url.pathname + url.search + url.hash;
    return url.origin === origin && new URL(path, origin).href === url.href ? path : fallback;
  } catch {
    return fallback;
  }
}

/** "14:30" today, "22 November, 14:30" on another day. */
export function timeOfDay(iso, lang, now = new Date()) {
  const date = new Date(iso);
  const clock = { hour: "2-digit", minute: "2-digit" };
  const today = date.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(lang, today ? clock : { day: "numeric", month: "long", ...clock }).format(date);
}

/** A span of seconds in the largest unit that fits it: "5 min", "1 h", "48 h". */
export function span(seconds) {
  const [count, unit] = seconds % 3600 ? [seconds / 60, "min"] : [seconds / 3600, "h"];
  return `${count}\u00a0${unit}`;
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "short", day: "numeric", month: "short" };

/** How far a clock in a time zone is from UTC at a moment: "UTC+1", as the language writes it. */
function offset(date, lang, zone) {
  const parts = new Intl.DateTimeFormat(lang, { hour: "2-digit", timeZone: zone, timeZoneName: "shortOffset" });
  return parts.formatToParts(date).find((part) => part.type === "timeZoneName").value;
}

/**
 * "Fri 27 Nov, 16:00", read off a clock in a time zone. Where the reader's own clock shows another time, both are told:
 * "Fri 27 Nov, 16:00 (GMT+1) = 19:00 (GMT+4)".
 */
export function dateAndTime(iso, lang, zone = undefined, here = undefined) {
  const date = new Date(iso);
  const show = (options, place) => new Intl.DateTimeFormat(lang, { ...options, timeZone: place }).format(date);
  const shown = show({ ...DAY, ...CLOCK }, zone);
  if (zone === undefined) return shown;
  const [theirs, ours] = [offset(date, lang, zone), offset(date, lang, here)];
  if (theirs === ours) return shown;
  const options = show(DAY, zone) === show(DAY, here) ? CLOCK : { ...DAY, ...CLOCK };
  return `${shown} (${theirs}) = ${show(options, here)} (${ours})`;
}

/** Seconds as people say them: "45 s", "12 min", "3 h 05". */
export function spent(seconds) {
  if (seconds < 60) return `${Math.round(seconds)}\u00a0s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
}

/** A day at a time of day as an input holds it, some days from today in a time zone: "2026-11-28T16:00". */
export function inDays(days, time, zone = undefined, now = new Date()) {
  const date = new Date(`${dayIn(zone, new Date(now))}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return `${date.toISOString().slice(0, 10)}T${time}`;
}
