// What a class was given: the list, and the form that gives and changes.

import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { html, nothing } from "lit/html.js";
import { dateAndTime, dueWords, inDays } from "../lib/format.js";
import { isOne, lang, locale, t } from "../lib/texts.js";
import { api } from "./server.js";

export class AssignmentsView {
  #page;
  #class = null;
  #courses = [];
  #changed = null;
  #course = "";
  #some = false;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load(group) {
    this.#class = group;
    if (!this.#courses.length) this.#courses = (await api.get(`/courses?lang=${lang}`)).courses;
    this.#course ||= this.#courses[0]?.id ?? "";
  }

  draw() {
    const { assignments } = this.#class;
    const now = assignments.filter((line) => !line.withdrawn_at);
    const gone = assignments.filter((line) => line.withdrawn_at);
    return html`${now.length ? html`<ul class="assignment-list">${now.map((line) => this.#lineTemplate(line))}</ul>` : nothing}
      ${this.#changed || this.#class.archived_at ? nothing : html`<section class="panel" aria-labelledby="give"><h2 id="give">${t("give_title")}</h2>${this.#courses.length ? this.#formTemplate(null) : html`<p>${t("give_no_courses")}</p>`}</section>`}
      ${gone.length ? html`<details class="fold"><summary>${t("give_withdrawn", { count: gone.length })}</summary><ul class="assignment-list">${gone.map((line) => this.#lineTemplate(line))}</ul></details>` : nothing}`;
  }

  #lineTemplate(line) {
    if (this.#changed === line.id)
      return html`<li class="panel"><h2 tabindex="-1">${t("give_change", { title: line.title })}</h2>${this.#formTemplate(line)}</li>`;
    const zone = this.#class.timezone;
    const words = line.due_at && !line.withdrawn_at ? dueWords(line.due_at, new Date(), zone) : null;
    return html`<li class="panel"><h2>${line.title}</h2>
      <p class="facts">${line.due_at ? html`<span>${dateAndTime(line.due_at, locale, zone)}${words && !words.key.startsWith("due_late") ? html` · ${t(words.key, words.values)}` : nothing}</span>` : html`<span>${t("give_no_date")}</span>`}
        ${line.opens_at && new Date(line.opens_at) > new Date() ? html`<span>${t("give_opens_at", { date: dateAndTime(line.opens_at, locale, zone) })}</span>` : nothing}
        <span>${line.module_ids ? t(isOne(line.module_ids.length) ? "give_module_one" : "give_module_count", { count: line.module_ids.length }) : t("give_whole")}</span>
        <span>${line.learner_ids ? t(isOne(line.learner_ids.length) ? "classes_learner" : "classes_learners", { count: line.learner_ids.length }) : t("give_everyone")}</span>
        ${line.required ? nothing : html`<span>${t("cell_optional")}</span>`}</p>
      ${line.note_html ? html`<div class="note">${unsafeHTML(line.note_html)}</div>` : nothing}
      <p class="actions">${
        line.withdrawn_at
          ? html`<button type="button" class="button small quiet" ?disabled=${this.#page.busy} @click=${() => this.#withdraw(line, false)}>${t("give_again")}</button>`
          : html`<button type="button" class="button small quiet" aria-label=${t("give_change", { title: line.title })} @click=${() => this.#open(line)}>${t("change")}</button>
        <button type="button" class="button small quiet" aria-label=${t("give_withdraw_title", { title: line.title })} ?disabled=${this.#page.busy} @click=${() => this.#withdraw(line, true)}>${t("give_withdraw")}</button>`
      }</p></li>`;
  }

  #open(line) {
    this.#changed = line?.id ?? null;
    this.#course = line?.course_id ?? this.#course;
    this.#some = Boolean(line?.learner_ids);
    this.#page.update();
    if (line) this.#page.querySelector(".assignment-list h2[tabindex]")?.focus();
  }

  #withdraw(line, withdrawn) {
    this.#page
      .act(
        `/assignments/${line.id}/withdrawal`,
        { withdrawn },
        { done: withdrawn ? "" : t("give_given"), after: () => this.#page.load() },
      )
      .then((done) => {
        if (!done || !withdrawn) return;
        this.#page.message = {
          text: t("give_is_withdrawn", { title: line.title }),
          good: true,
          undo: () => this.#withdraw(line, false),
        };
        this.#page.update();
        this.#page.querySelector(".page-message button")?.focus();
      });
  }

  #formTemplate(line) {
    const course = this.#courses.find((item) => item.id === this.#course) ?? { id: "", modules: [] };
    const { learners } = this.#class;
    return html`<form class="stack assign" @submit=${(event) => this.#send(event, line)}>
      ${
        line
          ? nothing
          : html`<label>${t("give_course")}<select name="course" @change=${(event) => {
              this.#course = event.target.value;
              this.#page.update();
            }}>${this.#courses.map((item) => html`<option value=${item.id} ?selected=${item.id === this.#course}>${item.title}</option>`)}</select></label>`
      }
      <label>${t("give_due")}<input type="datetime-local" name="due" .defaultValue=${line ? (line.due ?? "") : inDays(7, "16:00", this.#class.timezone)} /></label>
      <details class="fold" ?open=${Boolean(line && (line.module_ids || line.learner_ids || line.note || line.opens || !line.required))}><summary>${t("give_more")}</summary><div class="stack">
        <fieldset><legend>${t("give_modules")}</legend>${course.modules.map(
          (module) =>
            html`<label class="check"><input type="checkbox" name="module" value=${module.id} .defaultChecked=${!line?.module_ids || line.module_ids.includes(module.id)} /> ${module.title} <small>${t(`kind_${module.kind}`)}</small></label>`,
        )}</fieldset>
        ${
          learners.length
            ? html`<fieldset><legend>${t("give_whom")}</legend>
          <label class="check"><input type="radio" name="whom" value="all" .checked=${!this.#some} @change=${() => this.#whom(false)} /> ${t("give_everyone_later")}</label>
          <label class="check"><input type="radio" name="whom" value="some" .checked=${this.#some} @change=${() => this.#whom(true)} /> ${t("give_some")}</label>
          ${this.#some ? html`<div class="choices">${learners.map((person) => html`<label class="check"><input type="checkbox" name="learner" value=${person.id} .defaultChecked=${Boolean(line?.learner_ids?.includes(person.id))} /> ${person.name}</label>`)}</div>` : nothing}</fieldset>`
            : nothing
        }
        <label>${t("give_opens")}<input type="datetime-local" name="opens" .defaultValue=${line?.opens ?? ""} /></label>
        <label>${t("give_note")}<textarea name="note" rows="3" maxlength="4000" .defaultValue=${line?.note ?? ""}></textarea></label>
        <label class="check"><input type="checkbox" name="optional" .defaultChecked=${line ? !line.required : false} /> ${t("give_optional")}</label>
        <p class="hint">${t("give_zone", { zone: this.#class.timezone })}</p>
      </div></details>
      <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${line ? t("save") : t("give")}</button>${line ? html` <button type="button" class="button quiet" @click=${() => this.#open(null)}>${t("cancel")}</button>` : nothing}</p>
    </form>`;
  }

  #whom(some) {
    this.#some = some;
    this.#page.update();
  }

  #send(event, line) {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    const course = this.#courses.find((item) => item.id === this.#course);
    const modules = data.getAll("module");
    const body = {
      modules: course && modules.length === course.modules.length ? null : modules,
      learners: this.#some ? data.getAll("learner") : null,
      opens: data.get("opens")?.slice(0, 16) || null,
      due: data.get("due")?.slice(0, 16) || null,
      note: data.get("note") ?? "",
      required: !data.get("optional"),
    };
    if (body.learners?.length === 0) return this.#complain(t("give_nobody"));
    if (body.modules?.length === 0) return this.#complain(t("give_nothing"));
    const path = line ? `/assignments/${line.id}` : `/classes/${this.#class.id}/assignments`;
    this.#page.act(path, line ? body : { course: this.#course, ...body }, {
      done: line ? t("give_changed") : t("give_given"),
      after: async () => {
        form.reset();
        this.#changed = null;
        this.#some = false;
        await this.#page.load();
      },
      failed: (error) => {
        if (error.problem?.field === "due") this.#page.message = { text: t("give_due_wrong"), good: false };
      },
    });
  }

  #complain(text) {
    this.#page.tell(text, false);
  }
}
