// The texts of pages for teachers and trainers, which learners' pages do not load. To be imported before what uses them.
import more from "airlock:staff-texts";
import { addTexts } from "../lib/texts.js";

addTexts(more);

/** Codes of what learners can be, in the order of the texts. */
export const audiences = Object.keys(more)
  .filter((name) => name.startsWith("as_"))
  .map((name) => name.slice(3).replaceAll("_", "-"));
