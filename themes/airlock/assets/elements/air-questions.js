// All questions to the trainer that wait for an answer, and what was reported.
import { html, nothing } from "lit/html.js";
import { lang, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { pageOf } from "./lesson-html.js";
import { api } from "./server.js";
import { Threads } from "./threads.js";

class AirQuestions extends Threads(AppPage) {
  title = t("page_questions");

  refusal(person) {
    return person.pages.includes("questions") ? "" : t("questions_not_for_you");
  }

  async load() {
    this.threads = (await api.get(`/threads?lang=${lang}`)).threads;
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1><p>${t("questions_intro")}</p>${this.tellTemplate()}
      ${this.threads.length ? html`<ul class="thread-list">${this.threads.map((thread) => this.threadTemplate(thread, { place: html`<p class="hint"><a href=${`${pageOf(this, thread.module_id)}#questions`}>${thread.title}</a>${thread.class_name ? html` · ${thread.class_name}` : nothing}</p>` }))}</ul>` : html`<p class="notice">${t("questions_no_wait")}</p>`}`;
  }
}

customElements.define("air-questions", AirQuestions);
