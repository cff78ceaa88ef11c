// Filters the catalogue of courses without a page load; the choice is in the address, so that it can be shared.
import { html, nothing, render } from "lit/html.js";
import { t } from "../lib/texts.js";

class AirFilter extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const chosen = new URLSearchParams(location.search);
    for (const select of form.elements) select.value = chosen.get(select.name) ?? "";
    form.hidden = false;
    form.addEventListener("change", () => this.#apply());
    form.addEventListener("submit", (event) => event.preventDefault());
    this.#apply();
  }

  #apply() {
    const form = this.querySelector("form");
    const wanted = [...form.elements].filter((select) => select.value).map((select) => [select.name, select.value]);
    const cards = [...this.querySelectorAll("[data-course]")];
    for (const card of cards) {
      card.hidden = !wanted.every(([name, value]) => card.dataset[name].split(" ").includes(value));
    }
    const count = cards.filter((card) => !card.hidden).length;
    const query = new URLSearchParams(wanted).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    render(
      html`${wanted.length ? html`<p>${t("filter_count", { count, total: cards.length })}</p>` : nothing}
      ${count ? nothing : html`<p>${t("filter_none")} <button type="button" class="button quiet small" @click=${() => this.#reset()}>${t("filter_reset")}</button></p>`}`,
      this.querySelector(".filter-status"),
    );
  }

  #reset() {
    for (const select of this.querySelector("form").elements) select.value = "";
    this.#apply();
    this.querySelector("select").focus();
  }
}

customElements.define("air-filter", AirFilter);
