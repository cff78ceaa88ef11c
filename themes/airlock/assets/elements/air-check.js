// The check page of a document (/check/?d=CODE): what it is and what holds of it, for anybody who scanned its code.

import { html, nothing, render } from "lit/html.js";
import { errorText, isOne, t } from "../lib/texts.js";
import { dayText, hoursText } from "./documents-texts.js";
import { api } from "./server.js";

class AirCheck extends HTMLElement {
  connectedCallback() {
    this.replaceChildren();
    this.#load();
  }

  async #load() {
    this.#draw(html`<p role="status">${t("loading")}</p>`);
    const code = new URLSearchParams(location.search).get("d") ?? "";
    if (!/^[\w-]{8,40}$/.test(code)) return this.#draw(html`<p class="notice" role="status">${t("check_unknown")}</p>`);
    try {
      this.#draw(this.#found(await api.get(`/checks/${code}`)));
    } catch (error) {
      const text =
        error.code === "not_found"
          ? t("check_unknown")
          : error.code === "no_server"
            ? t("learning_no_server")
            : errorText(error);
      this.#draw(html`<p class="notice" role="status">${text}</p>
        ${error.passing ? html`<p><button type="button" class="button" @click=${() => this.#load()}>${t("retry")}</button></p>` : nothing}`);
    }
  }

  #found(one) {
    const day = one.state === "revoked" ? one.revoked_at : one.valid_until;
    return html`<p>${t("check_intro")}</p>
      <p class="notice ${one.state === "valid" ? "notice-good" : "notice-late"}" role="status">${t(`check_${one.state}`, { day: day ? dayText(day) : "" })}</p>
      <h2 lang=${one.lang}>${one.title}</h2>
      <dl class="told">
        <div><dt>${t("check_about")}</dt><dd lang=${one.lang}>${one.about}</dd></div>
        <div><dt>${t("check_number")}</dt><dd>${one.number}</dd></div>
        <div><dt>${t("check_by")}</dt><dd>${one.issued_by}</dd></div>
        <div><dt>${t("check_issued")}</dt><dd>${dayText(one.issued_at)}</dd></div>
        <div><dt>${t("check_until")}</dt><dd>${one.valid_until ? dayText(one.valid_until) : t("check_for_good")}</dd></div>
        ${one.holder ? html`<div><dt>${t("check_holder")}</dt><dd dir="auto">${one.holder}</dd></div>` : nothing}
        ${one.minutes ? Object.entries(one.minutes).map(([kind, minutes]) => html`<div><dt>${t("documents_hours")}</dt><dd>${hoursText(kind, minutes)}</dd></div>`) : nothing}
        <div><dt>${t("check_rests")}</dt><dd>${t(isOne(one.lines) ? "check_line" : "check_lines", { count: one.lines })}<br /><code class="digest">${one.digest}</code></dd></div>
      </dl>
      ${one.holder ? nothing : html`<p class="hint">${t("check_hidden")}</p>`}`;
  }

  #draw(content) {
    render(html`<div class="narrow card"><h1 tabindex="-1">${t("page_check")}</h1>${content}</div>`, this);
  }
}

customElements.define("air-check", AirCheck);
