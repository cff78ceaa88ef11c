// Texts of a lesson on another page: their pictures stand in the course's folder.
import { unsafeHTML } from "lit/directives/unsafe-html.js";

/** Sanitised HTML of a module's question. */
export function placed(source, module) {
  const template = document.createElement("template");
  template.innerHTML = source;
  const folder = new URL(
    `${module.split("/")[0]}/`,
    new URL(document.querySelector("#content").dataset.root, location.href),
  );
  for (const medium of template.content.querySelectorAll("[src]")) {
    medium.setAttribute("src", new URL(medium.getAttribute("src"), folder).pathname);
  }
  return unsafeHTML(template.innerHTML);
}
