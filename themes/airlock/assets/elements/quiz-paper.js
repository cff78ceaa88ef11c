// Questions that the server handed out, as elements.

/**
 * The element of one question.
 * `links` are those that the builder left in the page: files are reached as they say.
 */
export function questionOf(item, number, links) {
  const holder = document.createElement("template");
  // Made by the builder out of sanitised texts, and stored in the API's catalogue.
  holder.innerHTML = item.html;
  const question = holder.content.firstElementChild;
  question.querySelector(".number").textContent = number;
  const addresses = new Map([...links].map((link) => [link.dataset.file, link.getAttribute("href")]));
  for (const element of question.querySelectorAll("[src], [href]")) {
    const name = element.hasAttribute("src") ? "src" : "href";
    const address = addresses.get(element.getAttribute(name));
    if (address) element.setAttribute(name, address);
  }
  return question;
}
