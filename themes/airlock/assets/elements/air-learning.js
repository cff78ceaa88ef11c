// My learning: what is due, what is next, how far.
import { html, nothing, render } from "lit/html.js";
import { dueWords, percent } from "../lib/format.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { stateText } from "./progress.js";
import { api } from "./server.js";

/** Minutes as people say them. */
function duration(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${rest}\u00a0min`;
  return rest ? `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}` : `${hours}\u00a0h`;
}

class AirLearning extends HTMLElement {
  connectedCallback() {
    this.replaceChildren();
    this.#load();
  }

  async #load() {
    render(html`<h1>${t("page_learning")}</h1><p role="status">${t("loading")}</p>`, this);
    try {
      const { person } = await api.me({ fresh: true });
      if (person) this.#draw(await api.get(`/home?lang=${lang}`), person.role !== "learner");
      else this.#message(t("learning_sign_in"), true);
    } catch (error) {
      this.#message(error.code === "no_server" ? t("learning_no_server") : errorText(error), false);
    }
  }

  #message(text, signIn) {
    render(
      html`<h1>${t("page_learning")}</h1>
        <p class="notice">${text}</p>
        <p class="actions">${
          signIn
            ? html`<a class="button" href="${this.getAttribute("sign-in")}?next=${encodeURIComponent(location.pathname)}">${t("page_sign_in")}</a>`
            : html`<button type="button" class="button" @click=${() => this.#load()}>${t("retry")}</button>`
        }</p>`,
      this,
    );
  }

  #url(id) {
    return new URL(`${id}/`, new URL(this.getAttribute("base"), location.href)).pathname;
  }

  #draw(home, staff) {
    const first = home.name.split(" ")[0];
    render(
      html`<h1>${t("learning_hello", { name: first })}</h1>
        ${staff && !home.courses.length ? this.#staffTemplate() : this.#nextTemplate(home)}
        ${home.courses.length ? html`<section aria-labelledby="due"><h2 id="due">${t("learning_due")}</h2>${this.#dueTemplate(home.due)}</section>` : nothing}
        ${
          home.courses.length
            ? html`<section aria-labelledby="far"><h2 id="far">${t("learning_courses")}</h2>${home.courses.map((course) => this.#courseTemplate(course))}</section>`
            : nothing
        }`,
      this,
    );
  }

  #staffTemplate() {
    return html`<div class="next-card"><p>${t("learning_staff")}</p><p class="actions"><a class="button" href=${this.getAttribute("results")}>${t("learning_see_results")}</a> <a class="button quiet" href=${this.getAttribute("catalogue")}>${t("home_start")}</a></p></div>`;
  }

  #nextTemplate({ next, waiting, courses }) {
    if (!courses.length) {
      return html`<div class="next-card"><p>${t("learning_empty")}</p><p><a class="button" href=${this.getAttribute("catalogue")}>${t("home_start")}</a></p></div>`;
    }
    if (!next) {
      return html`<div class="next-card next-card-done"><p class="next-title">${t("learning_all_done")}</p>
        ${waiting ? html`<p>${t("learning_all_done_next", { title: waiting.title })}</p><p><a class="button quiet" href=${this.#url(waiting.id)}>${waiting.title}</a></p>` : nothing}</div>`;
    }
    return html`<section class="next-card" aria-labelledby="next">
      <h2 id="next" class="kicker">${t("learning_next")}</h2>
      <p class="next-title">${next.title}</p>
      <p class="facts"><span>${t(`kind_${next.kind}`)}</span><span>${duration(next.minutes)}</span></p>
      <p><a class="button" href=${this.#url(next.id)}>${next.state === "open" ? t("learning_start") : t("learning_continue")}</a></p>
    </section>`;
  }

  #dueTemplate(due) {
    const dated = due.filter((line) => line.due_at);
    if (!dated.length) return html`<p>${t("learning_due_none")}</p>`;
    return html`<ul class="due-list">${dated.map((line) => {
      const { key, values } = dueWords(line.due_at);
      const late = !line.done && key.startsWith("due_late");
      const date = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" }).format(
        new Date(line.due_at),
      );
      return html`<li><a href=${this.#url(line.course_id)}>${line.title}</a> <span class="chip ${line.done ? "chip-done" : late ? "chip-late" : ""}">${line.done ? t("due_done") : t(key, values)}</span> <span class="due-date">${date}</span></li>`;
    })}</ul>`;
  }

  #courseTemplate(course) {
    const total = course.modules.length;
    return html`<article class="course-line">
      <h3><a href=${this.#url(course.id)}>${course.title}</a></h3>
      <p class="progress-text">${t("progress_of", { done: course.done, total })}</p>
      <div class="progress-line" aria-hidden="true">${course.modules.map((module) => html`<span data-progress=${module.state}></span>`)}</div>
      <ol class="module-list">${course.modules.map(
        (
          module,
        ) => html`<li data-progress=${module.state}><a href=${this.#url(module.id)}><span class="nav-mark" aria-hidden="true"></span>${module.title}</a>
          <small>${t(`kind_${module.kind}`)} · ${duration(module.minutes)} · ${stateText(module)}${module.best_score === null ? nothing : html` · ${t("best_score", { score: percent(module.best_score) })}`}</small></li>`,
      )}</ol>
    </article>`;
  }
}

customElements.define("air-learning", AirLearning);
