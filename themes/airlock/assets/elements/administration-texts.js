// The texts of administrators' pages and of one's own data. To be imported before what uses them.
import more from "airlock:administration-texts";
import { addTexts, t } from "../lib/texts.js";
import "./staff-texts.js";

addTexts(more);

/** What a category of records is called. */
export const categoryText = (name) => t(`held_${name.replace("-", "_")}`);
