// The texts of documents, and hours in words. To be imported before what uses them.
import more from "airlock:documents-texts";
import { longDate } from "../lib/format.js";
import { addTexts, locale, t } from "../lib/texts.js";

addTexts(more);

/** A day: "27 November 2026". */
export function dayText(iso) {
  return longDate(iso, locale);
}

/** Minutes as hours and minutes: "1,203 h 05". */
export function timeText(minutes) {
  const hours = Math.floor(minutes / 60).toLocaleString(locale);
  return `${hours}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
}

/** Minutes of one kind of hours: "3 h 05 on site". */
export function hoursText(kind, minutes) {
  return `${timeText(minutes)} ${t(`hours_${kind.replace("-", "_")}`)}`;
}

/** What a scheme asks of a person, by name: "Date of birth". */
export function fieldName(field) {
  return t(`field_${field.replace("-", "_")}`);
}
