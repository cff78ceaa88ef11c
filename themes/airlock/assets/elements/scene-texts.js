// The texts of scenes. To be imported before what uses them.
import more from "airlock:scene-texts";
import { addTexts } from "../lib/texts.js";

addTexts(more);
