// Results for trainers and teachers: all modules, one (?module=course/name), or the analysis of a quiz (&quiz=id).
import "./staff-texts.js";
import { html, nothing } from "lit/html.js";
import { longDate, share } from "../lib/format.js";
import { isOne, lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { stateText } from "./progress.js";
import { analysisTemplate } from "./quiz-analysis.js";
import { api } from "./server.js";

const score = (value) => (value === null ? "–" : share(value, locale));

class AirResults extends AppPage {
  title = t("page_results");
  #shown = null;
  #classes = [];

  refusal(person) {
    return person.pages.includes("results") ? "" : t("results_not_for_you");
  }

  get #module() {
    const id = this.query.get("module");
    return id && /^[a-z0-9_-]+\/[a-z0-9_-]+$/.test(id) ? id : null;
  }

  get #quiz() {
    const id = this.query.get("quiz");
    return this.#module && id && /^[a-z0-9_-]+$/.test(id) ? id : null;
  }

  /** Which attempts the analysis is about, as the API asks for it. */
  get #which() {
    const which = new URLSearchParams({ lang });
    for (const name of ["version", "class_id"]) {
      if (this.query.get(name)) which.set(name, this.query.get(name));
    }
    return which;
  }

  async load() {
    if (this.#quiz) {
      const path = `/analysis/${this.#module}/${this.#quiz}`;
      const [found, { classes }] = await Promise.all([api.get(`${path}?${this.#which}`), api.get("/classes")]);
      this.#classes = classes;
      let report = nothing;
      if (found.scene && found.learners) {
        const [scene, { sceneReport }] = await Promise.all([
          api.get(`${path}/scene?${this.#which}`),
          import("./scene-report.js"),
        ]);
        report = sceneReport(scene, new URL(document.querySelector("#content").dataset.root, location.href));
      }
      this.#shown = () => [this.#analysisTemplate(found), report];
    } else if (this.#module) {
      const found = await api.get(`/results/${this.#module}?lang=${lang}`);
      this.#shown = () => this.#moduleTemplate(found);
    } else {
      const { modules } = await api.get(`/results?lang=${lang}`);
      this.#shown = () => this.#listTemplate(modules);
    }
  }

  draw() {
    return this.#shown();
  }

  #analysisTemplate(found) {
    const which = this.#which;
    return html`<p>${this.link({ module: this.#module }, html`← ${found.title}`)}</p>
      ${analysisTemplate(found, {
        classes: this.#classes.filter((line) => !line.archived_at),
        classId: which.get("class_id") ?? "",
        choose: (name, value) => {
          const query = new URLSearchParams(location.search);
          if (value) query.set(name, value);
          else query.delete(name);
          this.go(`?${query}`);
        },
        file: (form) => `/api/v1/analysis/${this.#module}/${this.#quiz}/exports/analysis.${form}?${which}`,
      })}`;
  }

  #listTemplate(modules) {
    const courses = new Map();
    for (const module of modules) {
      if (!courses.has(module.course_id)) courses.set(module.course_id, []);
      courses.get(module.course_id).push(module);
    }
    return html`<h1 tabindex="-1">${this.title}</h1><p>${t("results_intro")}</p>
      ${courses.size ? nothing : html`<p class="notice">${t("results_nothing_given")}</p>`}
      ${[...courses.values()].map(
        (
          lines,
        ) => html`<div class="table-wrap" role="region" aria-label=${lines[0].course_title} tabindex="0"><table class="data">
            <caption>${lines[0].course_title}</caption>
            <thead><tr><th scope="col">${t("results_module")}</th><th scope="col" class="number">${t("results_started")}</th><th scope="col" class="number">${t("results_done")}</th><th scope="col" class="number">${t("results_mean")}</th></tr></thead>
            <tbody>${lines.map(
              (line) =>
                html`<tr><th scope="row">${this.link({ module: line.id }, line.title)}<small>${t(`kind_${line.kind}`)}</small></th><td class="number" data-label=${t("results_started")}>${line.started}</td><td class="number" data-label=${t("results_done")}>${line.done}</td><td class="number" data-label=${t("results_mean")}>${score(line.mean_best)}</td></tr>`,
            )}</tbody></table></div>`,
      )}`;
  }

  #moduleTemplate({ id, title, learners, quizzes }) {
    const { compare } = new Intl.Collator(locale, { numeric: true });
    const sorted = [...learners].sort((one, other) => compare(one.name, other.name));
    return html`<p><a href=${location.pathname} @click=${(event) => this.follow(event, "")}>← ${t("results_back")}</a></p>
      <h1 tabindex="-1">${title}</h1>
      ${quizzes.length ? html`<h2>${t("analysis_title")}</h2><ul class="class-list">${quizzes.map((quiz) => html`<li>${this.link({ module: id, quiz: quiz.id }, quiz.id)} <span class="facts"><span>${t(isOne(quiz.questions) ? "analysis_question" : "analysis_questions", { count: quiz.questions })}</span></span></li>`)}</ul>` : nothing}
      <h2>${t("results_learners")}</h2>
      ${sorted.length ? this.#learnersTemplate(title, sorted) : html`<p class="notice">${t("results_none")}</p>`}`;
  }

  #learnersTemplate(title, learners) {
    return html`<div class="table-wrap" role="region" aria-label=${title} tabindex="0"><table class="data">
      <thead><tr><th scope="col">${t("results_learner")}</th><th scope="col">${t("results_state")}</th><th scope="col" class="number">${t("results_best")}</th><th scope="col" class="number">${t("results_attempts")}</th><th scope="col">${t("results_last")}</th></tr></thead>
      <tbody>${learners.map(
        (line) =>
          html`<tr><th scope="row">${line.name}</th><td data-label=${t("results_state")}><span class="chip chip-${line.state}">${stateText(line)}</span></td><td class="number" data-label=${t("results_best")}>${score(line.best_score)}</td><td class="number" data-label=${t("results_attempts")}>${line.attempts}</td><td data-label=${t("results_last")}>${longDate(line.updated_at, locale)}</td></tr>`,
      )}</tbody></table></div>`;
  }
}

customElements.define("air-results", AirResults);
