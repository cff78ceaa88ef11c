// My learning: what is due, what is next, how far.
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { html, nothing, render } from "lit/html.js";
import "./account-texts.js";
import { dateAndTime, dueWords, percent } from "../lib/format.js";
import { forgetOldDrafts } from "../lib/kept.js";
import { errorText, isOne, lang, locale, t } from "../lib/texts.js";
import { pageOf } from "./lesson-html.js";
import { stateText } from "./progress.js";
import "./air-dates.js";
import { api, storage } from "./server.js";

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
    if (storage) forgetOldDrafts(storage);
    this.#load();
  }

  async #load() {
    render(html`<h1>${t("page_learning")}</h1><p role="status">${t("loading")}</p>`, this);
    try {
      const { person } = await api.me({ fresh: true });
      if (person) {
        const [home] = await Promise.all([api.get(`/home?lang=${lang}`), this.#lookForRefreshers()]);
        const staff = person.pages.includes("classes");
        const tools = staff ? await import("./staff-tools.js") : null;
        const desk = await tools?.loadDesk(person.pages).catch(() => null);
        this.#draw(home, staff, desk ? tools.deskTemplate(desk, this) : nothing);
      } else this.#message(t("learning_sign_in"), true);
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
    return pageOf(this, id);
  }

  #draw(home, staff, desk) {
    const first = home.name.split(" ")[0];
    render(
      html`<h1>${t("learning_hello", { name: first })}</h1>
        ${desk}
        ${staff && !home.courses.length ? this.#staffTemplate() : this.#nextTemplate(home)}
        ${this.#said ? html`<p class="notice" role="status" tabindex="-1">${this.#said}</p>` : nothing}
        ${(home.asked ?? []).map((one) => this.#askedTemplate(one))}
        ${this.#refreshTemplate()}
        <air-dates class="dates" modules="" event=${this.getAttribute("event")} sign-in=${this.getAttribute("sign-in")}></air-dates>
        ${home.courses.length || home.due.length ? html`<section aria-labelledby="due"><h2 id="due">${t("learning_due")}</h2>${this.#dueTemplate(home.due)}</section>` : nothing}
        ${
          home.courses.length
            ? html`<section aria-labelledby="far"><h2 id="far">${t("learning_courses")}</h2>${home.courses.map((course) => this.#courseTemplate(course))}</section>`
            : nothing
        }
        ${staff && !home.classes.length ? nothing : this.#classesTemplate(home.classes)}
        ${staff ? nothing : html`<p><a href=${this.getAttribute("documents")}>${t("page_documents")}</a></p>`}
        ${home.coordinates ? html`<p><a class="button quiet" href=${this.getAttribute("company")}>${t("page_company")}</a></p>` : nothing}`,
      this,
    );
  }

  #due = 0;
  #said = "";

  /** How many questions are about to be forgotten today; it is no reason to show nothing else. */
  async #lookForRefreshers() {
    try {
      this.#due = (await api.post("/refreshers", { lang }, { key: crypto.randomUUID() })).cards.length;
    } catch {
      this.#due = 0;
    }
  }

  /** A class that asks one in: nobody is put into one by a teacher who does not know them. */
  #askedTemplate(one) {
    return html`<section class="next-card" aria-labelledby="asked-${one.class_id}"><h2 id="asked-${one.class_id}">${t("class_asks", { name: one.name })}</h2>
      <p>${t("class_asks_text", { teacher: one.teacher })}</p>
      <p class="actions"><button type="button" class="button" @click=${() => this.#answer(one, true)}>${t("class_asks_yes")}</button>
        <button type="button" class="button quiet" @click=${() => this.#answer(one, false)}>${t("class_asks_no")}</button></p></section>`;
  }

  async #answer(one, accepted) {
    try {
      await api.post(`/classes/${one.class_id}/answer`, { accepted }, { key: crypto.randomUUID() });
    } catch (error) {
      this.#said = errorText(error);
      return this.#load();
    }
    this.#said = t(accepted ? "class_asks_in" : "class_asks_out", { name: one.name });
    await this.#load();
    this.querySelector("[role=status]")?.focus();
  }

  #refreshTemplate() {
    if (!this.#due) return nothing;
    const words = isOne(this.#due) ? t("learning_refresh_one") : t("learning_refresh", { count: this.#due });
    return html`<p class="refresh-line"><a class="button quiet" href=${this.getAttribute("refresh")}>${words}</a></p>`;
  }

  #staffTemplate() {
    return html`<div class="next-card"><p>${t("learning_staff")}</p><p class="actions"><a class="button" href=${this.getAttribute("classes")}>${t("page_classes")}</a> <a class="button quiet" href=${this.getAttribute("results")}>${t("learning_see_results")}</a> <a class="button quiet" href=${this.getAttribute("catalogue")}>${t("home_start")}</a></p></div>`;
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
    if (!due.length) return html`<p>${t("learning_due_none")}</p>`;
    return html`<ul class="due-list">${due.map((line) => this.#dueLineTemplate(line, due))}</ul>`;
  }

  /** Open at once or opening later, due or not: every assignment has its line, in the words that are used everywhere. */
  #dueLineTemplate(line, all) {
    const several = new Set(all.map((item) => item.class_name)).size > 1;
    const words = line.due_at ? dueWords(line.due_at, new Date(), line.timezone) : null;
    const chip = line.done
      ? html`<span class="chip chip-done">${t("due_done")}</span>`
      : line.opens_at
        ? html`<span class="chip">${t("due_opens", { date: dateAndTime(line.opens_at, locale, line.timezone) })}</span>`
        : words && (line.required || !words.key.startsWith("due_late"))
          ? html`<span class="chip ${line.late ? "chip-late" : ""}">${t(words.key, words.values)}</span>`
          : nothing;
    return html`<li>${line.opens_at ? html`<span>${line.title}</span>` : html`<a href=${this.#url(line.address)}>${line.title}</a>`} ${chip}
      ${line.due_at && !line.done ? html`<span class="due-date">${dateAndTime(line.due_at, locale, line.timezone)}</span>` : nothing}
      ${line.required ? nothing : html`<span class="due-date">${t("cell_optional")}</span>`}${several ? html`<span class="due-date">${line.class_name}</span>` : nothing}
      ${line.modules.length ? html`<span class="due-date due-modules">${line.modules.join(" · ")}</span>` : nothing}
      ${line.note_html ? html`<div class="note">${unsafeHTML(line.note_html)}</div>` : nothing}</li>`;
  }

  #classesTemplate(classes) {
    return html`<section aria-labelledby="classes"><h2 id="classes">${t("page_classes")}</h2>
      ${classes.length ? html`<ul class="due-list">${classes.map((group) => html`<li><b>${group.name}</b> <span class="due-date">${group.teachers.join(", ")}</span></li>`)}</ul>` : nothing}
      <p><a href=${this.getAttribute("join")}>${t("page_join")}</a> · <a href=${this.getAttribute("messages")}>${t("page_messages")}</a></p></section>`;
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
