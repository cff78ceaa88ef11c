// Results for trainers and teachers: all modules, or one (?module=course/name).

import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { html, nothing, render } from "lit/html.js";
import { longDate, percent } from "../lib/format.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { stateText } from "./progress.js";
import { api } from "./server.js";

const share = new Intl.NumberFormat(locale, { style: "percent" });
const score = (value) => (value === null ? "–" : share.format(percent(value) / 100));

class AirResults extends HTMLElement {
  #back = () => this.#load();

  connectedCallback() {
    this.replaceChildren();
    addEventListener("popstate", this.#back);
    this.#load();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.#back);
  }

  get #module() {
    return new URLSearchParams(location.search).get("module");
  }

  async #load({ focus = false } = {}) {
    render(html`<h1>${t("page_results")}</h1><p role="status">${t("loading")}</p>`, this);
    try {
      const { person } = await api.me();
      if (!person) return this.#message(t("results_sign_in"), true);
      if (person.role === "learner") return this.#message(t("results_not_for_you"), false);
      const id = this.#module;
      if (id && /^[a-z0-9_-]+\/[a-z0-9_-]+$/.test(id)) this.#drawModule(await api.get(`/results/${id}?lang=${lang}`));
      else this.#drawList((await api.get(`/results?lang=${lang}`)).modules);
      if (focus) this.querySelector("h1").focus();
    } catch (error) {
      this.#message(error.code === "no_server" ? t("learning_no_server") : errorText(error), false);
    }
  }

  #message(text, signIn) {
    render(
      html`${this.#module ? this.#backTemplate() : nothing}<h1>${t("page_results")}</h1><p class="notice">${text}</p>
        ${signIn ? html`<p><a class="button" href="${this.getAttribute("sign-in")}?next=${encodeURIComponent(location.pathname + location.search)}">${t("page_sign_in")}</a></p>` : nothing}`,
      this,
    );
  }

  #backTemplate() {
    return html`<p><a href=${location.pathname} @click=${(event) => this.#open(event, null)}>← ${t("results_back")}</a></p>`;
  }

  #open(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", id ? `?module=${id}` : location.pathname);
    this.#load({ focus: true });
  }

  #drawList(modules) {
    const courses = Map.groupBy ? Map.groupBy(modules, (module) => module.course_id) : groupBy(modules);
    render(
      html`<h1 tabindex="-1">${t("page_results")}</h1><p>${t("results_intro")}</p>
        ${[...courses.values()].map(
          (
            lines,
          ) => html`<div class="table-wrap" role="region" aria-label=${lines[0].course_title} tabindex="0"><table class="data">
            <caption>${lines[0].course_title}</caption>
            <thead><tr><th scope="col">${t("results_module")}</th><th scope="col" class="number">${t("results_started")}</th><th scope="col" class="number">${t("results_done")}</th><th scope="col" class="number">${t("results_mean")}</th></tr></thead>
            <tbody>${lines.map(
              (line) =>
                html`<tr><th scope="row"><a href="?module=${line.id}" @click=${(event) => this.#open(event, line.id)}>${line.title}</a><small>${t(`kind_${line.kind}`)}</small></th><td class="number" data-label=${t("results_started")}>${line.started}</td><td class="number" data-label=${t("results_done")}>${line.done}</td><td class="number" data-label=${t("results_mean")}>${score(line.mean_best)}</td></tr>`,
            )}</tbody></table></div>`,
        )}`,
      this,
    );
  }

  #drawModule({ title, learners, questions }) {
    const { compare } = new Intl.Collator(locale);
    learners.sort((one, other) => compare(one.name, other.name));
    render(
      html`${this.#backTemplate()}
        <h1 tabindex="-1">${title}</h1>
        ${learners.length ? this.#learnersTemplate(title, learners) : html`<p class="notice">${t("results_none")}</p>`}
        ${questions.some((question) => question.answers) ? this.#questionsTemplate(questions) : nothing}`,
      this,
    );
  }

  #learnersTemplate(title, learners) {
    return html`<div class="table-wrap" role="region" aria-label=${title} tabindex="0"><table class="data">
      <thead><tr><th scope="col">${t("results_learner")}</th><th scope="col">${t("results_state")}</th><th scope="col" class="number">${t("results_best")}</th><th scope="col" class="number">${t("results_attempts")}</th><th scope="col">${t("results_last")}</th></tr></thead>
      <tbody>${learners.map(
        (line) =>
          html`<tr><th scope="row">${line.name}</th><td data-label=${t("results_state")}><span class="chip chip-${line.state}">${stateText(line)}</span></td><td class="number" data-label=${t("results_best")}>${score(line.best_score)}</td><td class="number" data-label=${t("results_attempts")}>${line.attempts}</td><td data-label=${t("results_last")}>${longDate(line.updated_at, locale)}</td></tr>`,
      )}</tbody></table></div>`;
  }

  #questionsTemplate(questions) {
    return html`<h2>${t("results_questions")}</h2><ol class="question-results">${questions.map((question) => {
      const part = question.answers ? question.right / question.answers : 0;
      return html`<li><div class="question-stem">${unsafeHTML(question.stem)}</div>
        <div class="share"><meter min="0" max="1" low="0.5" high="0.8" optimum="1" value=${part} aria-label=${t("results_right")}></meter> <span>${score(part)} · ${question.right}/${question.answers}</span></div></li>`;
    })}</ol>`;
  }
}

/** For browsers without Map.groupBy. */
function groupBy(modules) {
  const groups = new Map();
  for (const module of modules) {
    if (!groups.has(module.course_id)) groups.set(module.course_id, []);
    groups.get(module.course_id).push(module);
  }
  return groups;
}

customElements.define("air-results", AirResults);
