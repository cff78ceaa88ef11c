// Who of a class is ready for what comes with a trainer, and what the class still knows.
import { html, nothing } from "lit/html.js";
import { share } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { pageOf } from "./lesson-html.js";
import { needsTemplate, titlesOf, verdictChip } from "./readiness-texts.js";
import { api } from "./server.js";

const FEW = 5;

export class MemoryView {
  #page;
  #group = null;
  #known = null;
  #module = "";
  #ready = null;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load(group) {
    this.#group = group;
    this.#known = await api.get(`/classes/${group.id}/retention?lang=${lang}`);
    const ids = this.#known.modules.map((module) => module.id);
    if (!ids.includes(this.#module)) this.#module = ids.at(-1) ?? "";
    await this.#judge();
  }

  async #judge() {
    this.#ready = this.#module
      ? await api.get(`/classes/${this.#group.id}/readiness?module=${encodeURIComponent(this.#module)}&lang=${lang}`)
      : null;
  }

  #choose = async (event) => {
    this.#module = event.target.value;
    try {
      await this.#judge();
      this.#page.update();
    } catch {
      this.#page.refresh();
    }
  };

  draw() {
    return html`<section><h2>${t("class_ready")}</h2>${this.#ready ? this.#readyTemplate() : html`<p class="notice">${t("class_ready_none")}</p>`}</section>
      <section><h2>${t("class_retention")}</h2>${this.#retentionTemplate()}</section>`;
  }

  #readyTemplate() {
    const url = (id) => pageOf(this.#page, id);
    const people = this.#ready.people;
    const ready = people.filter((person) => person.state === "ready").length;
    return html`<label class="inline">${t("class_ready_for")} <select @change=${this.#choose}>${this.#known.modules.map((module) => html`<option value=${module.id} ?selected=${module.id === this.#module}>${module.title}</option>`)}</select></label>
      <p class="facts"><span>${t("briefing_counts", { ready, count: people.length })}</span></p>
      <ul class="people-list">${people.map((person) => html`<li>${this.#page.link({ class: this.#group.id, learner: person.id }, person.name)} ${verdictChip(person)} ${person.missing.length ? html`<details class="fold"><summary>${titlesOf(person.missing).join(", ")}</summary>${needsTemplate(person.missing, url)}</details>` : nothing}</li>`)}</ul>`;
  }

  #retentionTemplate() {
    const { objectives, learners, total } = this.#known;
    if (learners < FEW) return html`<p class="notice">${t("class_retention_few", { learners, total })}</p>`;
    return html`<p class="hint">${t("class_retention_hint", { learners, total })}</p>
      <div class="table-wrap" role="region" tabindex="0" aria-label=${t("class_retention")}><table class="data"><thead><tr><th scope="col">${t("briefing_objective_name")}</th><th scope="col">${t("class_retention_share")}</th><th scope="col">${t("class_retention_learners")}</th></tr></thead>
      <tbody>${objectives.map((one) => html`<tr><th scope="row">${one.objective || t("briefing_other")} <small>${one.title}</small></th><td>${share(one.share, locale)}</td><td>${one.learners}</td></tr>`)}</tbody></table></div>`;
  }
}
