// What funding schemes ask of the learners of a class, for teachers and trainers whom a scheme names.
import { html, nothing } from "lit/html.js";
import { errorText, lang, t } from "../lib/texts.js";
import { fieldName } from "./documents-texts.js";
import { api } from "./server.js";

export class AskedView {
  #page;
  #path;
  #classId;
  #schemes = [];
  /** By scheme: what was opened, by learner. */
  #opened = new Map();
  #problem = "";

  constructor(page, classId) {
    this.#page = page;
    this.#classId = classId;
    this.#path = `/classes/${classId}/particulars`;
  }

  async load() {
    this.#schemes = (await api.get(`${this.#path}?lang=${lang}`)).schemes;
  }

  draw() {
    return this.#schemes.map((scheme) => this.#schemeTemplate(scheme));
  }

  #schemeTemplate(scheme) {
    const opened = this.#opened.get(scheme.code);
    return html`<details class="fold panel"><summary><h2>${t("particulars_of", scheme)}</h2></summary>
      <div class="table-wrap" role="region" aria-label=${t("particulars_of", scheme)} tabindex="0"><table class="data"><thead><tr><th scope="col">${t("totals_learner")}</th><th scope="col">${t("particulars_asked")}</th></tr></thead>
      <tbody>${scheme.learners.map((one) => html`<tr><th scope="row">${one.name}</th><td class="stacked" data-label=${t("particulars_asked")}>${this.#given(scheme, one, opened)}</td></tr>`)}</tbody></table></div>
      ${opened ? nothing : html`<p><button type="button" class="button small quiet" ?disabled=${this.#page.busy} @click=${() => this.#see(scheme)}>${t("particulars_see")}</button></p>`}
      ${this.#problem ? html`<p class="alert" role="alert">${this.#problem}</p>` : nothing}</details>`;
  }

  #given(scheme, one, opened) {
    const missing = one.missing.length
      ? html`<span class="chip chip-late">${t("particulars_missing", { names: one.missing.map(fieldName).join(", ") })}</span>`
      : nothing;
    if (!opened)
      return one.missing.length ? missing : html`<span class="chip chip-done">${t("particulars_given")}</span>`;
    const values = opened.get(one.person_id) ?? {};
    return html`${scheme.asks.filter((field) => field in values).map((field) => html`${fieldName(field)}${t("colon")} ${values[field] ?? t("particulars_unreadable")}<br />`)}${missing}`;
  }

  async #see(scheme) {
    this.#page.busy = true;
    this.#problem = "";
    this.#page.update();
    try {
      const { people } = await api.once(`/schemes/${scheme.code}/particulars/views`, { class_id: this.#classId });
      this.#opened.set(scheme.code, new Map(people.map((one) => [one.person_id, one.values])));
    } catch (error) {
      this.#problem = errorText(error);
    }
    this.#page.busy = false;
    this.#page.update();
  }
}
