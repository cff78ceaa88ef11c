// Texts of a lesson on another page: their pictures stand in the course's folder.
import { unsafeHTML } from "lit/directives/unsafe-html.js";

/** The address of a module's page in the reader's language, from an element that knows where the site begins. */
export function pageOf(element, module) {
  return new URL(`${module}/`, new URL(element.getAttribute("base"), location.href)).pathname;
}

/** The folder of a module's course, in which its pictures stand. */
export function folderOf(module) {
  const root = new URL(document.querySelector("#content").dataset.root, location.href);
  return new URL(`${module.split("/")[0]}/`, root);
}

/** Sanitised HTML of a module's question. */
export function placed(source, module) {
  const template = document.createElement("template");
  template.innerHTML = source;
  const folder = folderOf(module);
  for (const medium of template.content.querySelectorAll("[src]")) {
    medium.setAttribute("src", new URL(medium.getAttribute("src"), folder).pathname);
  }
  return unsafeHTML(template.innerHTML);
}
