// The class matrix: learners down, modules across. One cell can be reached by Tab, the others by the arrow keys.
import { html, nothing } from "lit/html.js";
import { dueWords, percent, share } from "../lib/format.js";
import { arrange, FILTERS, moved, SORTS } from "../lib/matrix.js";
import { errorText, isOne, lang, locale, t } from "../lib/texts.js";
import { api } from "./server.js";

const EVERY = 20_000;
const SIGNS = {
  open: "",
  started: "◐",
  failed: "✕",
  passed: "✓",
  done: "✓",
  renew: "↻",
  elsewhere: "–",
  waiting: "…",
  booked: "◷",
  attended: "●",
  absent: "○",
  excused: "E",
};

export class MatrixView {
  #page;
  #class = null;
  #matrix = null;
  #etag = null;
  #filter = "all";
  #sort = "name";
  #at = [0, 0];
  #timer = null;
  #reminders = null;
  #look = () => this.#poll();

  constructor(page, key) {
    this.#page = page;
    this.key = key;
    this.#timer = setInterval(this.#look, EVERY);
    document.addEventListener("visibilitychange", this.#look);
  }

  close() {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#look);
  }

  get #path() {
    return `/classes/${this.#class.id}`;
  }

  async load(group) {
    this.#class = group;
    await this.#fetch();
  }

  async #fetch() {
    const found = await api.getChanged(`${this.#path}/matrix?lang=${lang}`, this.#etag);
    if (found) {
      this.#matrix = found.data;
      this.#etag = found.etag;
    }
    return Boolean(found);
  }

  /** While the page is in front, what happens elsewhere appears by itself. */
  async #poll() {
    if (document.hidden || !this.#class) return;
    try {
      if (await this.#fetch()) this.#page.update();
    } catch {
      // No connection: the table stays as it is, and the next look may succeed.
    }
  }

  draw() {
    const matrix = this.#matrix;
    if (!this.#class.learners.length) return this.#emptyTemplate("matrix_no_learners", "people");
    if (!matrix.modules.length) return this.#emptyTemplate("matrix_no_modules", "assignments");
    const learners = arrange(matrix.learners, this.#filter, this.#sort);
    return html`${this.#toolsTemplate()}
      ${this.#reminders ? this.#remindersTemplate() : nothing}
      <p class="matrix-count" role="status">${t("matrix_shown", { shown: learners.length, count: matrix.learners.length })}</p>
      ${learners.length ? this.#tableTemplate(learners) : html`<p class="notice">${t(`matrix_none_${this.#filter}`)}</p>`}
      ${this.#legendTemplate()}`;
  }

  #emptyTemplate(text, view) {
    return html`<p class="notice">${t(text)}</p><p>${this.#page.link({ class: this.#class.id, view }, t(`${text}_do`), { className: "button" })}</p>`;
  }

  #toolsTemplate() {
    const { learners } = this.#matrix;
    const late = learners.filter((learner) => learner.late).length;
    return html`<div class="matrix-tools">
      <div class="matrix-filters" role="group" aria-label=${t("matrix_filter")}>${FILTERS.map((filter) => {
        const count = arrange(learners, filter, "name").length;
        return html`<button type="button" class="filter" aria-pressed=${filter === this.#filter} @click=${() => this.#set({ filter })}>${t(`matrix_filter_${filter}`)} <span class="count">${count}</span></button>`;
      })}</div>
      <label class="inline">${t("matrix_sort")} <select @change=${(event) => this.#set({ sort: event.target.value })}>${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === this.#sort}>${t(`matrix_sort_${sort}`)}</option>`)}</select></label>
      <span class="matrix-acts">
        <button type="button" class="button small" ?disabled=${!late || this.#page.busy || this.#class.archived_at} @click=${() => this.#plan()}>${t("remind")}</button>
        ${this.#exportTemplate()}
      </span>
    </div>`;
  }

  #exportTemplate() {
    const file = (name) => `/api/v1${this.#path}/exports/${name}?lang=${lang}`;
    return html`<details class="menu export"><summary class="button small quiet">${t("export")}</summary><div class="menu-panel"><ul>
      ${["matrix.xlsx", "matrix.csv", "attempts.xlsx", "attempts.csv"].map((name) => html`<li><a href=${file(name)} download>${t(`export_${name.replace(".", "_")}`)}</a></li>`)}
    </ul></div></details>`;
  }

  #set({ filter = this.#filter, sort = this.#sort }) {
    this.#filter = filter;
    this.#sort = sort;
    this.#at = [0, 0];
    this.#page.update();
  }

  #tableTemplate(learners) {
    const { modules, timezone } = this.#matrix;
    const courses = [];
    for (const module of modules) {
      const last = courses.at(-1);
      if (last?.id === module.course_id) last.span += 1;
      else courses.push({ id: module.course_id, title: module.course_title, span: 1 });
    }
    const [row, column] = this.#at;
    const tab = (line, place) => (line === row && place === column ? 0 : -1);
    return html`<div class="matrix-wrap" role="region" aria-label=${t("classes_tab_matrix")} tabindex="0"><table class="matrix" role="grid" aria-label=${this.#class.name} @keydown=${(event) => this.#key(event, learners)}>
      <thead>
        <tr><td class="corner"></td>${courses.map((course) => html`<th scope="colgroup" colspan=${course.span} class="course"><span>${course.title}</span></th>`)}<td class="total"></td></tr>
        <tr><th scope="col" class="corner">${t("matrix_learner")}</th>${modules.map(
          (module) =>
            html`<th scope="col" class="module"><a href=${`${this.#page.getAttribute("results")}?module=${module.id}`} title=${this.#moduleWords(module, timezone)}><span>${module.title}</span></a></th>`,
        )}<th scope="col" class="total"><span>${t("matrix_done")}</span></th></tr>
      </thead>
      <tbody>${learners.map(
        (learner, line) => html`<tr>
          <th scope="row">${this.#page.link({ class: this.#class.id, learner: learner.id }, learner.name)}${learner.late ? html` <span class="late-count">${t("matrix_late_count", { count: learner.late })}</span>` : nothing}</th>
          ${learner.cells.map((cell, place) => this.#cellTemplate(learner, cell, place, tab(line, place)))}
          <td class="total">${learner.done}/${learner.given}</td></tr>`,
      )}</tbody>
      <tfoot><tr><th scope="row">${t("matrix_summary")}</th>${modules.map(
        (module) =>
          html`<td title=${module.mean === null ? nothing : t("matrix_mean", { score: percent(module.mean) })}>${module.online || module.done ? html`${module.done}/${module.given}${module.late ? html`<span class="late-count">${t("matrix_late_count", { count: module.late })}</span>` : nothing}` : "–"}</td>`,
      )}<td class="total"></td></tr></tfoot>
    </table></div>`;
  }

  #moduleWords(module, zone) {
    if (!module.due_at) return module.title;
    const { key, values } = dueWords(module.due_at, new Date(), zone);
    return `${module.title} · ${t(key, values)}`;
  }

  #words(cell) {
    const words = [t(`cell_${cell.state}`)];
    if (cell.score !== null) words.push(share(cell.score, locale));
    if (cell.late) words.push(t("cell_late"));
    if (cell.optional) words.push(t("cell_optional"));
    return words.join(", ");
  }

  #cellTemplate(learner, cell, place, tabindex) {
    if (!cell)
      return html`<td class="cell-none" tabindex=${tabindex}><span class="visually-hidden">${t("cell_none")}</span></td>`;
    const module = this.#matrix.modules[place];
    const words = this.#words(cell);
    return html`<td class="cell cell-${cell.state} ${cell.late ? "cell-late" : ""}"><a tabindex=${tabindex} href=${`?class=${this.#class.id}&learner=${learner.id}#${module.id}`} title=${t("matrix_title", { name: learner.name, title: module.title, words })} @click=${(event) => this.#page.follow(event, `?class=${this.#class.id}&learner=${learner.id}#${module.id}`)} @focus=${(event) => this.#took(event)}><span aria-hidden="true">${cell.state === "passed" || (cell.state === "failed" && cell.score !== null) || (cell.state === "renew" && cell.score !== null) ? html`<b>${SIGNS[cell.state]}</b>${percent(cell.score)}` : SIGNS[cell.state]}</span><span class="visually-hidden">${words}</span></a></td>`;
  }

  #took(event) {
    const cell = event.target.closest("td");
    const row = cell.parentElement;
    const at = [row.sectionRowIndex, cell.cellIndex - 1];
    if (at[0] === this.#at[0] && at[1] === this.#at[1]) return;
    this.#at = at;
    this.#page.update();
  }

  #key(event, learners) {
    const cell = event.target.closest("td");
    if (!cell?.closest("tbody")) return;
    const next = moved(
      event.key,
      [cell.parentElement.sectionRowIndex, cell.cellIndex - 1],
      [learners.length, this.#matrix.modules.length],
      event.ctrlKey,
    );
    if (!next) return;
    event.preventDefault();
    this.#at = next;
    this.#page.update();
    const target = this.#page.querySelector(".matrix tbody").rows[next[0]].cells[next[1] + 1];
    (target.querySelector("a") ?? target).focus();
  }

  #legendTemplate() {
    return html`<dl class="legend">${this.#shownStates().map(
      (state) =>
        html`<div><dt class="cell cell-${state}" aria-hidden="true"><span>${state === "passed" ? html`<b>✓</b>85` : SIGNS[state]}</span></dt><dd>${t(`cell_${state}`)}</dd></div>`,
    )}<div><dt class="cell cell-open cell-late" aria-hidden="true"><span></span></dt><dd>${t("cell_late")}</dd></div></dl>`;
  }

  /** Those of lessons always, those of webinars and practicals where the class has any. */
  #shownStates() {
    const lessons = ["passed", "done", "started", "failed", "renew", "open", "elsewhere"];
    const there = this.#matrix.modules.some((module) => !module.online);
    return there ? [...lessons, "waiting", "booked", "attended", "absent", "excused"] : lessons;
  }

  async #plan() {
    try {
      this.#reminders = await api.get(`${this.#path}/reminders`);
    } catch (error) {
      this.#page.message = { text: errorText(error), good: false };
    }
    this.#page.update();
    this.#page.querySelector(".reminders h2")?.focus();
  }

  #remindersTemplate() {
    const { lines, subject, text } = this.#reminders;
    const ready = lines.filter((line) => !line.skipped);
    return html`<section class="reminders panel" aria-labelledby="reminders"><h2 id="reminders" tabindex="-1">${t("remind_title")}</h2>
      ${ready.length ? html`<p>${t(isOne(ready.length) ? "remind_one" : "remind_many", { count: ready.length })}</p>` : html`<p>${t("remind_nobody")}</p>`}
      <ul>${lines.map((line) => html`<li><b>${line.name}</b>${t("colon")} ${line.titles.join(", ")}${line.skipped ? html` <span class="chip">${t(`remind_${line.skipped}`)}</span>` : nothing}</li>`)}</ul>
      ${text ? html`<details class="fold"><summary>${t("remind_preview")}</summary><p><b>${subject}</b></p><pre class="letter" tabindex="0">${text}</pre></details>` : nothing}
      <p class="actions">${ready.length ? html`<button type="button" class="button" ?disabled=${this.#page.busy} @click=${() => this.#send(ready)}>${t("remind_send", { count: ready.length })}</button>` : nothing}
        <button type="button" class="button quiet" @click=${() => this.#closeReminders()}>${t("cancel")}</button></p></section>`;
  }

  #closeReminders() {
    this.#reminders = null;
    this.#page.update();
    this.#page.querySelector(".matrix-acts button")?.focus();
  }

  #send(ready) {
    this.#page.act(
      `${this.#path}/reminders`,
      { learners: ready.map((line) => line.id) },
      {
        done: ({ sent }) => t(isOne(sent) ? "remind_sent_one" : "remind_sent", { count: sent }),
        after: () => {
          this.#reminders = null;
        },
      },
    );
  }
}
