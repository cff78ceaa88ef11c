// Half-days as people read them, and weeks of a calendar. No DOM.
import { dateAndTime } from "./format.js";

/** "Fri 27 Nov, 09:00–12:15", on a clock of the event; where the reader's shows another time, theirs is told too. */
export function halfDay(half, lang, zone, here = undefined) {
  const whole = dateAndTime(half.begins, lang, zone, here);
  const end = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const first = new Intl.DateTimeFormat(lang, { dateStyle: "short", timeZone: zone });
  const [begins, ends] = [new Date(half.begins), new Date(half.ends)];
  // Over midnight the second day is told too.
  const until =
    first.format(begins) === first.format(ends) ? end.format(ends) : dateAndTime(half.ends, lang, zone, zone);
  const [clock, ...rest] = whole.split(" (");
  return [`${clock}–${until}`, ...rest].join(" (");
}

/** The day of a half-day on the event's clock: "2026-11-27". */
export function dayOf(half) {
  return half.begins_at.slice(0, 10);
}

/** A day some days later: "2026-11-27" and 4 is "2026-12-01". */
export function addDays(day, count) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The Monday of the week that a day is in. */
export function mondayOf(day) {
  return addDays(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));
}

/** Weeks of seven days each: the one of a day, or all of its month. */
export function weeksOf(day, view) {
  if (view === "week") return [week(mondayOf(day))];
  const month = day.slice(0, 7);
  const weeks = [];
  for (let monday = mondayOf(`${month}-01`); weeks.length < 6; monday = addDays(monday, 7)) {
    if (monday.slice(0, 7) > month) break;
    weeks.push(week(monday));
  }
  return weeks;
}

function week(monday) {
  return [0, 1, 2, 3, 4, 5, 6].map((place) => addDays(monday, place));
}

/** A day in a week before or after, or in the month before or after. */
export function turn(day, view, step) {
  if (view === "week") return addDays(day, 7 * step);
  const [year, month] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + step, 1, 12)).toISOString().slice(0, 10);
}
