// Classes: the list, and one class (?class=ID) with its matrix, people, assignments and learners.
import "./staff-texts.js";
import "./events-texts.js";
import "./readiness-texts.js";
import { html, nothing } from "lit/html.js";
import { longDate } from "../lib/format.js";
import { isOne, lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { AssignmentsView } from "./class-assignments.js";
import { LearnerView } from "./class-learner.js";
import { MatrixView } from "./class-matrix.js";
import { MemoryView } from "./class-memory.js";
import { PeopleView } from "./class-people.js";
import { SettingsView } from "./class-settings.js";
import { api } from "./server.js";

const VIEWS = {
  matrix: MatrixView,
  people: PeopleView,
  memory: MemoryView,
  assignments: AssignmentsView,
  settings: SettingsView,
  learner: LearnerView,
};
const TABS = ["matrix", "people", "assignments", "memory", "settings"];
const ID = /^[0-9a-f-]{36}$/;

class AirClasses extends AppPage {
  title = t("page_classes");
  #classes = [];
  #class = null;
  #view = null;
  #name = "";
  #archived = false;

  refusal(person) {
    return person.pages.includes("classes") ? "" : t("classes_not_for_you");
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#view?.close?.();
  }

  /** Where there is nothing yet, one types. */
  first() {
    if (this.#class) return this.#class.learners.length ? null : this.querySelector("#list");
    return this.#classes.length ? null : this.querySelector(".new-class input");
  }

  get #id() {
    const id = this.query.get("class");
    return id && ID.test(id) ? id : null;
  }

  /** The view that the address asks for; a class without learners or assignments begins with what is missing. */
  #asked(group) {
    if (this.query.get("learner")) return "learner";
    const asked = this.query.get("view");
    if (TABS.includes(asked)) return asked;
    if (!group.learners.length) return "people";
    return group.assignments.length ? "matrix" : "assignments";
  }

  async load() {
    const id = this.#id;
    if (!id) {
      this.#view?.close?.();
      this.#view = this.#class = null;
      this.#classes = (await api.get("/classes")).classes;
      return;
    }
    const group = await api.get(`/classes/${id}?lang=${lang}`);
    const name = this.#asked(group);
    const key = `${id} ${name} ${this.query.get("learner")}`;
    const view = this.#view?.key === key ? this.#view : new VIEWS[name](this, key);
    await view.load(group);
    // What is drawn is what was loaded, whatever the address says meanwhile.
    if (view !== this.#view) this.#view?.close?.();
    this.#view = view;
    this.#class = group;
    this.#name = name;
  }

  draw() {
    return this.#class ? this.#classTemplate() : this.#listTemplate();
  }

  #listTemplate() {
    const open = this.#classes.filter((line) => !line.archived_at);
    const archived = this.#classes.filter((line) => line.archived_at);
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${this.messageTemplate()}
      <form class="new-class" @submit=${this.#make}>
        <label>${t("classes_new")}<input name="name" required maxlength="120" autocomplete="off" placeholder=${t("classes_new_example")} /></label>
        <button type="submit" class="button" ?disabled=${this.busy}>${t("classes_make")}</button>
      </form>
      ${open.length ? html`<ul class="class-list">${open.map((line) => this.#lineTemplate(line))}</ul>` : html`<p class="notice">${t("classes_none")}</p>`}
      ${
        archived.length
          ? html`<details class="fold" ?open=${this.#archived} @toggle=${(event) => {
              this.#archived = event.target.open;
            }}><summary>${t("classes_archived", { count: archived.length })}</summary>
              <ul class="class-list">${archived.map((line) => this.#lineTemplate(line))}</ul></details>`
          : nothing
      }
      <p><a href=${this.getAttribute("questions")}>${t("questions_inbox")}</a></p>`;
  }

  #lineTemplate(line) {
    return html`<li>${this.link({ class: line.id }, line.name)}
      <span class="facts"><span>${t(isOne(line.learners) ? "classes_learner" : "classes_learners", { count: line.learners })}</span><span>${line.teachers.join(", ")}</span></span></li>`;
  }

  #make = (event) => {
    event.preventDefault();
    const form = event.target;
    this.act("/classes", { name: new FormData(form).get("name") }, { after: (made) => this.go(`?class=${made.id}`) });
  };

  #classTemplate() {
    const group = this.#class;
    const name = this.#name;
    return html`<p class="crumbs"><a href=${location.pathname} @click=${(event) => this.follow(event, "")}>← ${t("classes_back")}</a>${name === "learner" ? this.link({ class: group.id }, html`← ${group.name}`) : nothing}</p>
      <h1 tabindex="-1">${name === "learner" ? this.#view.heading : group.name}</h1>
      ${name === "learner" ? nothing : html`<p class="facts"><span>${t(isOne(group.learners.length) ? "classes_learner" : "classes_learners", { count: group.learners.length })}</span><span>${group.teachers.map((line) => line.name).join(", ")}</span></p>`}
      ${group.archived_at ? html`<p class="notice">${t("classes_is_archived", { date: longDate(group.archived_at, locale) })}</p>` : nothing}
      <nav class="tabs" aria-label=${t("classes_views")}>${TABS.map((tab) => this.link({ class: group.id, view: tab }, t(`classes_tab_${tab}`), { current: tab === name }))}</nav>
      ${this.messageTemplate()}
      ${this.#view.draw()}`;
  }
}

customElements.define("air-classes", AirClasses);
