// Texts of a lesson on another page: their pictures stand in the course's folder.
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { lang } from "../lib/texts.js";

/** Sanitised HTML of a module's question. `base` is the address of the home page in this page's language. */
export function placed(source, module, base) {
  const template = document.createElement("template");
  template.innerHTML = source;
  const home = new URL(base, location.href);
  const root = lang === "en" ? home : new URL("../", home);
  for (const medium of template.content.querySelectorAll("[src]")) {
    // A picture of one language, plan.fr.svg, is built as plan.svg below fr/.
    const [, stem, code, end] = /^(.*?)(?:\.(fr|nl))?(\.\w+)$/.exec(medium.getAttribute("src")) ?? [];
    if (stem === undefined) continue;
    const folder = new URL(`${code ? `${code}/` : ""}${module.split("/")[0]}/`, root);
    medium.setAttribute("src", new URL(stem + end, folder).pathname);
  }
  return unsafeHTML(template.innerHTML);
}
