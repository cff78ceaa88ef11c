// Three questions after a training (/outcome/#SECRET), from the link of a letter. Nobody signs in for them.

import { html, nothing, render } from "lit/html.js";
import { errorText, t } from "../lib/texts.js";
import "./centre-texts.js";
import { dayText } from "./documents-texts.js";
import { api } from "./server.js";

const WORKING = ["in-field", "elsewhere", "training", "looking", "not-looking"];
const HELPED = [4, 3, 2, 1];

class AirOutcome extends HTMLElement {
  #asked = null;
  #told = null;
  #busy = false;

  connectedCallback() {
    this.replaceChildren();
    this.#load();
  }

  get #token() {
    return location.hash.slice(1);
  }

  async #load() {
    this.#draw(html`<p role="status">${t("loading")}</p>`);
    try {
      if (this.#token.length < 10) return this.#end(t("outcome_gone"));
      this.#asked = await api.post("/outcomes/views", { token: this.#token });
      this.#show();
    } catch (error) {
      if (error.code === "not_found" || error.status === 422) return this.#end(t("outcome_gone"));
      this.#draw(html`<p class="notice" role="status">${error.code === "no_server" ? t("learning_no_server") : errorText(error)}</p>
        ${error.passing ? html`<p><button type="button" class="button" @click=${() => this.#load()}>${t("retry")}</button></p>` : nothing}`);
    }
  }

  #end(text) {
    this.#draw(html`<p class="notice" role="status">${text}</p>`);
  }

  async #send(path, body) {
    this.#busy = true;
    this.#told = null;
    this.#show();
    let done = true;
    try {
      const found = await api.post(path, { token: this.#token, ...body });
      if (path === "/outcomes/end") {
        this.#end(t("outcome_ended"));
        return;
      }
      this.#asked = found;
      this.#told = { text: t("outcome_thanks"), good: true };
    } catch (error) {
      done = false;
      this.#told = { text: error.code === "not_found" ? t("outcome_gone") : errorText(error), good: false };
    }
    this.#busy = false;
    this.#show();
    if (done) this.querySelector("[role=status]").scrollIntoView({ block: "nearest" });
  }

  #show() {
    const { centre, ended, working, helped, words } = this.#asked;
    const choice = (name, value, text, checked) =>
      html`<label class="check"><input type="radio" name=${name} value=${value} required .defaultChecked=${checked} /> ${text}</label>`;
    this.#draw(html`<p>${t("outcome_intro", { centre, day: dayText(ended) })}</p>
      ${this.#told ? html`<p class=${this.#told.good ? "notice notice-good" : "alert"} role=${this.#told.good ? "status" : "alert"}>${this.#told.text}</p>` : nothing}
      <form class="stack" @submit=${(event) => {
        event.preventDefault();
        const data = new FormData(event.target);
        this.#send("/outcomes/answers", {
          working: data.get("working"),
          helped: Number(data.get("helped")),
          words: data.get("words"),
        });
      }}>
        <fieldset><legend>${t("outcome_working")}</legend>${WORKING.map((one) => choice("working", one, t(`working_${one.replace("-", "_")}`), working === one))}</fieldset>
        <fieldset><legend>${t("outcome_helped")}</legend>${HELPED.map((one) => choice("helped", one, t(`helped_${one}`), helped === one))}</fieldset>
        <label>${t("outcome_words")}<textarea name="words" rows="4" maxlength="2000" .defaultValue=${words}></textarea></label>
        <p class="actions"><button type="submit" class="button" ?disabled=${this.#busy}>${t("outcome_send")}</button></p></form>
      <p class="hint">${t("outcome_kept")}</p>
      <p><button type="button" class="linklike" ?disabled=${this.#busy} @click=${() => this.#send("/outcomes/end", {})}>${t("outcome_end")}</button></p>`);
  }

  #draw(content) {
    render(html`<div class="narrow card"><h1 tabindex="-1">${t("page_outcome")}</h1>${content}</div>`, this);
  }
}

customElements.define("air-outcome", AirOutcome);
