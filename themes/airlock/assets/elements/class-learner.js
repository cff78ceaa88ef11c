// One learner of a class, for their teachers: standing, attempts with answers, notes.
import { html, nothing } from "lit/html.js";
import { dateAndTime, dueWords, share, spent } from "../lib/format.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { placed } from "./lesson-html.js";
import { api } from "./server.js";

export class LearnerView {
  #page;
  #class = null;
  #learner = null;
  #open = new Map();

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  get heading() {
    return this.#learner?.name ?? "";
  }

  get #path() {
    return `/classes/${this.#class.id}/learners/${this.#learner?.id ?? this.#page.query.get("learner")}`;
  }

  async load(group) {
    this.#class = group;
    this.#learner = await api.get(`${this.#path}?lang=${lang}`);
  }

  draw() {
    const learner = this.#learner;
    return html`<p class="facts"><span><a href="mailto:${learner.email}">${learner.email}</a></span>${learner.employer ? html`<span>${learner.employer}</span>` : nothing}<span>${t(learner.signed_in ? "people_in" : "people_invited")}</span><span>${t("learner_time", { time: spent(learner.seconds) })}</span>${["trainer", "admin"].includes(this.#page.person.role) ? html`<span><a href="${this.#page.getAttribute("documents")}?person=${learner.id}">${t("learner_documents")}</a></span>` : nothing}</p>
      <section aria-labelledby="standing"><h2 id="standing">${t("learner_standing")}</h2>${learner.modules.length ? html`<ul class="standing-list">${learner.modules.map((line) => this.#moduleTemplate(line))}</ul>` : html`<p>${t("learner_nothing")}</p>`}</section>
      ${learner.places.length ? html`<section aria-labelledby="places"><h2 id="places">${t("page_events")}</h2><ul class="standing-list">${learner.places.map((line) => html`<li><span class="chip chip-${line.state}">${t(`cell_${line.state}`)}</span> <a href="${this.#page.getAttribute("events")}?event=${line.event_id}"><b>${line.titles.join(", ")}</b></a> <span class="hint">${dateAndTime(line.begins, locale, line.timezone)}</span></li>`)}</ul></section>` : nothing}
      <section aria-labelledby="attempts"><h2 id="attempts">${t("learner_attempts")}</h2>${learner.attempts.length ? html`<ol class="attempt-list">${learner.attempts.map((line) => this.#attemptTemplate(line))}</ol>` : html`<p>${t("learner_no_attempts")}</p>`}</section>
      <section aria-labelledby="notes"><h2 id="notes">${t("learner_notes")}</h2><p class="hint">${t("learner_notes_who")}</p>
        <form class="stack" @submit=${this.#addNote}><label><span class="visually-hidden">${t("learner_note")}</span><textarea name="text" rows="2" maxlength="4000" required></textarea></label><p class="actions"><button type="submit" class="button small" ?disabled=${this.#page.busy}>${t("learner_add_note")}</button></p></form>
        <ul class="note-list">${learner.notes.map((note) => html`<li class="panel"><p class="note-text">${note.text}</p><p class="facts"><span>${note.author}</span><span>${dateAndTime(note.at, locale, learner.timezone)}</span>${note.mine ? html`<button type="button" class="linklike" @click=${() => this.#removeNote(note)}>${t("remove")}</button>` : nothing}</p></li>`)}</ul></section>`;
  }

  #moduleTemplate(line) {
    const { cell } = line;
    const due = cell.due_at ? dueWords(cell.due_at, new Date(), this.#learner.timezone) : null;
    const extensible = line.assignment_ids
      .map((id) => this.#class.assignments.find((item) => item.id === id))
      .filter((item) => item?.due_at);
    return html`<li id=${line.id}><span class="cell-word chip chip-${cell.state}">${t(`cell_${cell.state}`)}${cell.score === null ? nothing : html` · ${share(cell.score, locale)}`}</span> <b>${line.title}</b>
      ${cell.late ? html`<span class="chip chip-late">${t(due.key, due.values)}</span>` : due && !["done", "passed", "elsewhere"].includes(cell.state) ? html`<span class="hint">${t(due.key, due.values)}</span>` : nothing}
      ${line.extra_attempts ? html`<span class="hint">${t("learner_has_attempts", { count: line.extra_attempts })}</span>` : nothing}${line.time_factor > 1 ? html`<span class="hint">${t("learner_has_time", { factor: line.time_factor.toLocaleString(locale) })}</span>` : nothing}
      ${
        line.has_quiz || (extensible.length && cell.state !== "elsewhere")
          ? html`<details class="fold"><summary>${t("learner_more")}</summary>
        ${extensible.map(
          (item) =>
            html`<form class="inline-form" @submit=${(event) => this.#extend(event, item)}><label>${t("learner_due", { title: item.title })} <input type="datetime-local" name="due" .defaultValue=${this.#learner.dues[item.id] ?? item.due} /></label> <button type="submit" class="button small quiet" ?disabled=${this.#page.busy}>${t("save")}</button></form>`,
        )}
        ${line.has_quiz ? html`<form class="inline-form" @submit=${(event) => this.#allow(event, line)}><label>${t("learner_extra_attempts")} <input type="number" name="attempts" min="0" max="20" .defaultValue=${String(line.extra_attempts)} required /></label> <label>${t("learner_time_factor")} <select name="factor">${[1, 1.25, 1.33, 1.5, 2].concat([1, 1.25, 1.33, 1.5, 2].includes(line.time_factor) ? [] : [line.time_factor]).map((factor) => html`<option value=${factor} ?selected=${factor === line.time_factor}>× ${factor.toLocaleString(locale)}</option>`)}</select></label> <label>${t("learner_why")} <input name="why" maxlength="500" /></label> <button type="submit" class="button small quiet" ?disabled=${this.#page.busy}>${t("save")}</button></form>` : nothing}</details>`
          : nothing
      }</li>`;
  }

  #saved(path, body) {
    return this.#page.act(path, body, { done: t("saved"), after: () => this.#page.load() });
  }

  #extend(event, item) {
    event.preventDefault();
    const due = new FormData(event.target).get("due")?.slice(0, 16) || null;
    this.#saved(`/assignments/${item.id}/extensions`, { learner: this.#learner.id, due });
  }

  #allow(event, line) {
    event.preventDefault();
    const data = new FormData(event.target);
    this.#saved(`${this.#path}/allowances/${line.id}`, {
      extra_attempts: Number(data.get("attempts")),
      time_factor: Number(data.get("factor")),
      why: data.get("why"),
    });
  }

  #addNote = (event) => {
    event.preventDefault();
    const form = event.target;
    this.#page.act(
      `${this.#path}/notes`,
      { text: new FormData(form).get("text") },
      {
        after: () => {
          form.reset();
          return this.#page.load();
        },
      },
    );
  };

  #removeNote(note) {
    this.#page.act(
      `/classes/${this.#class.id}/notes/${note.id}/removal`,
      {},
      { done: t("learner_note_removed"), after: () => this.#page.load() },
    );
  }

  #attemptTemplate(line) {
    const zone = this.#learner.timezone;
    const result = line.submitted_at
      ? html`<span class="chip ${line.passed ? "chip-done" : "chip-late"}">${share(line.score, locale)} · ${t(line.passed ? "cell_passed" : "cell_failed")}</span>`
      : html`<span class="chip chip-started">${t("attempt_open")}</span>`;
    return html`<li class="panel"><details class="fold" @toggle=${(event) => event.target.open && this.#show(line)}>
      <summary><b>${line.title}</b> · ${line.quiz_id} · ${t("attempt_number", { number: line.number })} ${result} <span class="hint">${dateAndTime(line.submitted_at ?? line.started_at, locale, zone)}${line.seconds === null ? nothing : html` · ${spent(line.seconds)}`}${line.late ? html` · ${t("attempt_late")}` : nothing}</span></summary>
      ${this.#answersTemplate(this.#open.get(line.id), line.module_id)}</details></li>`;
  }

  async #show(line) {
    if (this.#open.has(line.id)) return;
    this.#open.set(line.id, { loading: true });
    try {
      this.#open.set(line.id, await api.get(`${this.#path}/attempts/${line.id}?lang=${lang}`));
    } catch (error) {
      this.#open.set(line.id, { problem: errorText(error) });
    }
    this.#page.update();
  }

  #answersTemplate(found, module) {
    const show = (text) => placed(text, module);
    if (!found) return nothing;
    if (found.loading) return html`<p role="status">${t("loading")}</p>`;
    if (found.problem) return html`<p class="alert">${found.problem}</p>`;
    if (!found.answers.length) return html`<p>${t("attempt_no_answers")}</p>`;
    const breaches = (critical) => found.breaches.filter((one) => one.critical === critical);
    return html`${[true, false].filter((critical) => breaches(critical).length).map((critical) => html`<div class="notice"><p><strong>${t(critical ? "attempt_breached_critical" : "attempt_breached")}</strong></p><ul lang=${found.lang}>${breaches(critical).map(({ text }) => html`<li>${text}</li>`)}</ul></div>`)}
      <p class="hint">${t(found.feedback_given ? "attempt_feedback_given" : "attempt_feedback_not_given")}</p>
      <ol class="answer-list" lang=${found.lang}>${found.answers.map(
        (answer) => html`<li><div class="question-stem">${show(answer.stem)}</div>
        <ul class="said">${answer.said.map((part) => html`<li class=${part.right ? "said-right" : "said-wrong"}><span aria-hidden="true">${part.right ? "✓" : "✕"}</span> <span class="visually-hidden" lang=${lang}>${t(part.right ? "said_right" : "said_wrong")}${t("colon")}</span> ${part.place ? html`<span class="said-place">${show(part.place)}</span> ` : nothing}${show(part.html)}</li>`)}${answer.answered ? nothing : html`<li class="said-wrong" lang=${lang}>${t("attempt_unanswered")}</li>`}</ul>
        <p class="facts" lang=${lang}><span>${share(answer.score, locale)}</span>${answer.confidence ? html`<span>${t(`confidence_${answer.confidence}`)}</span>` : nothing}</p>
        ${answer.feedback.map((text) => html`<div class="said-feedback">${show(text)}</div>`)}${answer.explanation ? html`<div class="said-feedback">${show(answer.explanation)}</div>` : nothing}</li>`,
      )}</ol>`;
  }
}
