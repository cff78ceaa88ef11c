// The site's first page, for somebody who is signed in: it is their work.

class AirHome extends HTMLElement {
  async connectedCallback() {
    const sheet = Object.assign(document.createElement("link"), {
      rel: "stylesheet",
      href: this.getAttribute("sheet"),
    });
    document.head.append(sheet);
    await import("./air-learning.js");
    const work = document.createElement("air-learning");
    for (const { name, value } of this.attributes) if (name !== "sheet") work.setAttribute(name, value);
    const band = Object.assign(document.createElement("section"), { className: "band app" });
    band.append(work);
    this.replaceChildren(band);
  }
}

customElements.define("air-home", AirHome);
