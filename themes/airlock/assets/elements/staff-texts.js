// The texts of pages for teachers and trainers, which learners' pages do not load. To be imported before what uses them.
import more from "airlock:staff-texts";
import { addTexts } from "../lib/texts.js";

addTexts(more);
