// Tabs: without a script, and on paper, the texts stand one below the other under their titles.
let sets = 0;

class AirTabs extends HTMLElement {
  #buttons = [];

  connectedCallback() {
    if (this.#buttons.length) return;
    const set = sets++;
    const list = document.createElement("div");
    list.className = "tab-list";
    list.setAttribute("role", "tablist");
    for (const [number, panel] of [...this.querySelectorAll(":scope > .tab")].entries()) {
      const title = panel.querySelector(".tab-title");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = title.textContent;
      button.id = `tab-${set}-${number}`;
      button.setAttribute("role", "tab");
      panel.id ||= `tab-panel-${set}-${number}`;
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      panel.tabIndex = 0;
      button.addEventListener("click", () => this.#show(number));
      this.#buttons.push(button);
      list.append(button);
    }
    list.addEventListener("keydown", this.#moved);
    this.prepend(list);
    this.#show(0);
  }

  #moved = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const count = this.#buttons.length;
    const now = this.#buttons.indexOf(document.activeElement);
    const next = { Home: 0, End: count - 1 }[event.key] ?? (step && (now + step + count) % count);
    if (next === undefined || next === null || now < 0) return;
    event.preventDefault();
    this.#show(next);
    this.#buttons[next].focus();
  };

  #show(number) {
    for (const [place, button] of this.#buttons.entries()) {
      const chosen = place === number;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      document.getElementById(button.getAttribute("aria-controls")).toggleAttribute("data-closed", !chosen);
    }
  }
}

customElements.define("air-tabs", AirTabs);
