// The texts of the centre's year, its screen and the questions after a training. To be imported before what uses them.
import more from "airlock:centre-texts";
import { addTexts } from "../lib/texts.js";

addTexts(more);
