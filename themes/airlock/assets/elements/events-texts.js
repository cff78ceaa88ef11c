// The texts of pages about webinars and practicals, which lessons do not load. To be imported before what uses them.
import more from "airlock:events-texts";
import { addTexts, errorText, locale, t } from "../lib/texts.js";

addTexts(more);

/** The text of a key, or another where there is none: of a code that a later server may give. */
export function textOr(key, other) {
  const found = t(key);
  return found === key ? other : found;
}

/** The sentence for an error about an event. */
export function eventErrorText(error) {
  const problem = error.problem ?? {};
  const clock = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  const show = (iso) => new Intl.DateTimeFormat(locale, clock).format(new Date(iso));
  if (error.code === "taken")
    return t("plan_taken", { name: problem.name, begins: show(problem.begins), ends: show(problem.ends) });
  if (error.code === "room_closed") return t("plan_closed", { day: problem.day });
  if (["plan_invalid", "validation"].includes(error.code))
    return textOr(`plan_wrong_${problem.field}`, t("plan_wrong_any"));
  return errorText(error);
}
