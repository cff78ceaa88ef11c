// Questions to the trainer below a lesson.
import { html, nothing, render } from "lit/html.js";
import { lang, t } from "../lib/texts.js";
import { api, storage } from "./server.js";
import { Threads } from "./threads.js";

class AirDiscussion extends Threads(HTMLElement) {
  #person = null;
  #classes = [];
  #open = false;
  #text = "";
  #who = null;

  async connectedCallback() {
    try {
      this.#person = (await api.me()).person;
      if (!this.#person) return;
      await this.load();
      this.#text = storage?.getItem(this.#draft) ?? "";
      this.#open = Boolean(this.#text) || location.hash === "#questions";
      this.update();
      if (location.hash === "#questions") this.scrollIntoView();
    } catch {
      // Without the API the lesson reads; there is nobody to ask.
    }
  }

  get #module() {
    return this.getAttribute("module");
  }

  get #draft() {
    return `airlock:question:${this.#person.id}:${this.#module}`;
  }

  async load() {
    const found = await api.get(`/modules/${this.#module}/threads?lang=${lang}`);
    this.threads = found.threads;
    this.#classes = found.classes;
  }

  update() {
    const headings = [...document.querySelectorAll(".prose h2[id], .prose h3[id]")].filter(
      (heading) => !heading.closest("air-quiz, air-discussion, .next-step, .objectives, .checklist"),
    );
    const names = new Map(headings.map((heading) => [heading.id, heading.textContent]));
    render(
      html`<h2>${t("questions_title")}</h2>
      ${this.tellTemplate()}
      ${this.threads.length ? html`<ul class="thread-list">${this.threads.map((thread) => this.threadTemplate(thread, { place: names.has(thread.anchor) ? html`<p class="hint">${t("question_about")} <a href=${`#${thread.anchor}`}>${names.get(thread.anchor)}</a></p>` : nothing }))}</ul>` : html`<p>${t("questions_none")}</p>`}
      <details class="fold panel" ?open=${this.#open} @toggle=${(event) => {
        this.#open = event.target.open;
      }}><summary>${t("question_ask")}</summary>
        <form class="stack" @submit=${this.#ask}>
          <label>${t("question_yours")}<textarea name="text" rows="3" maxlength="4000" required .value=${this.#text} @input=${(event) => this.#keep(event.target.value)}></textarea></label>
          <label>${t("question_about")}<select name="anchor"><option value="">${t("question_whole")}</option>${headings.map((heading) => html`<option value=${heading.id}>${heading.textContent}</option>`)}</select></label>
          ${
            this.#classes.length
              ? html`<label>${t("question_class")}<select name="class_id" @change=${(event) => {
                  this.#who = event.target.value;
                  this.update();
                }}>${[...this.#classes, { id: "", name: "" }].map((group, place) => html`<option value=${group.id} ?selected=${this.#who === null ? place === 0 : group.id === this.#who}>${group.id ? t("question_to_class", { name: group.name }) : t("question_to_trainers")}</option>`)}</select></label>`
              : nothing
          }
          ${this.#classes.length && this.#who !== "" ? html`<label class="check"><input type="checkbox" name="shared" /> ${t("question_share_class")}</label>` : nothing}
          ${this.#classes.length ? nothing : html`<p class="hint">${t("question_who_trainers")}</p>`}
          <p class="actions"><button type="submit" class="button small" ?disabled=${this.busy}>${t("question_send")}</button></p>
        </form></details>`,
      this,
    );
  }

  /** What was typed survives a reload and a lost connection. */
  #keep(text) {
    this.#text = text;
    try {
      if (text) storage?.setItem(this.#draft, text);
      else storage?.removeItem(this.#draft);
    } catch {
      // Full or forbidden storage: the text is still in the field.
    }
  }

  #ask = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const body = {
      text: data.get("text"),
      anchor: data.get("anchor"),
      class_id: data.get("class_id") || null,
      shared: Boolean(data.get("shared")),
    };
    if (await this.send(`/modules/${this.#module}/threads`, body, t("question_asked"))) {
      this.#keep("");
      this.#open = false;
      this.update();
    }
  };
}

customElements.define("air-discussion", AirDiscussion);
