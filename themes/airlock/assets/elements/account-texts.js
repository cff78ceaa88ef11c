// The texts of signing in and of one's own account. To be imported before what uses them.
import more from "airlock:account-texts";
import { addTexts } from "../lib/texts.js";

addTexts(more);
