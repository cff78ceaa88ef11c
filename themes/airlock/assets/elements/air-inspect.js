// What an inspector sees with a link (/inspect/#SECRET): totals of a period and the lines behind each number.

import { html, nothing, render } from "lit/html.js";
import { errorText, lang, t } from "../lib/texts.js";
import { dayText } from "./documents-texts.js";
import { api } from "./server.js";
import { byTemplate, linesTemplate, totalsTemplate } from "./totals-table.js";

class AirInspect extends HTMLElement {
  #asked = { by: "month", key: null, page: 1 };

  connectedCallback() {
    this.replaceChildren();
    this.#load();
  }

  async #load(focus = false) {
    const token = location.hash.slice(1);
    const { by, key, page } = this.#asked;
    this.#draw(html`<p role="status">${t("loading")}</p>`);
    try {
      if (token.length < 20) return this.#draw(html`<p class="notice" role="status">${t("inspect_gone")}</p>`);
      const body = { token, lang, by, page, ...(key === null ? {} : { key }) };
      this.#draw(this.#found(await api.post("/inspections/views", body)));
      if (focus) this.querySelector("h1").focus();
    } catch (error) {
      const known = error.code === "not_found" || error.status === 422;
      const text = known ? t("inspect_gone") : error.code === "no_server" ? t("learning_no_server") : errorText(error);
      this.#draw(html`<p class="notice" role="status">${text}</p>
        ${error.passing ? html`<p><button type="button" class="button" @click=${() => this.#load()}>${t("retry")}</button></p>` : nothing}`);
    }
  }

  /** A part is opened by a button: the secret stays behind the # of the address. */
  #link = (more, content, label = nothing) =>
    html`<button type="button" class="linklike" aria-label=${label} @click=${() => this.#ask(more)}>${content}</button>`;

  #ask(more) {
    this.#asked = { by: this.#asked.by, key: null, page: 1, ...more };
    this.#load(true);
  }

  #found(one) {
    const told = {
      centre: one.centre,
      label: one.label,
      first: dayText(one.first),
      last: dayText(one.last),
      until: dayText(one.expires_at),
    };
    const { by } = this.#asked;
    return html`<p>${t("inspect_intro", told)}</p>
      ${
        one.lines
          ? linesTemplate(one.lines, one.totals, this.#asked, this.#link)
          : html`<form class="inline-form" @submit=${(event) => {
              event.preventDefault();
              this.#ask({ by: new FormData(event.target).get("by") });
            }}>${byTemplate(by)}<button type="submit" class="button small">${t("totals_show")}</button></form>
            ${totalsTemplate(one.totals, by, t("page_hours"), this.#link)}`
      }`;
  }

  #draw(content) {
    render(html`<h1 tabindex="-1">${t("page_inspect")}</h1>${content}`, this);
  }
}

customElements.define("air-inspect", AirInspect);
