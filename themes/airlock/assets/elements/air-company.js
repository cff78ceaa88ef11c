// A company's coordinator: what their own workers did, what ends soon, where they go next, their certificates.

import { html, nothing } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { dayText } from "./documents-texts.js";
import { api } from "./server.js";

const CHIPS = { done: "done", "ends-soon": "late", expired: "failed", renewed: "late", started: "started" };

class AirCompany extends AppPage {
  title = t("page_company");
  #found = null;

  async load() {
    try {
      this.#found = await api.get(`/company?lang=${lang}`);
    } catch (error) {
      if (error.code !== "not_found") throw error;
      this.#found = null;
    }
  }

  draw() {
    if (!this.#found) return html`<h1 tabindex="-1">${this.title}</h1><p class="notice">${t("company_none")}</p>`;
    const { employers, modules, workers } = this.#found;
    return html`<h1 tabindex="-1">${employers.join(", ")}</h1>
      <p>${t("company_intro")}</p>
      ${
        workers.length
          ? html`${this.#endsTemplate()}
        <section aria-labelledby="skills"><h2 id="skills">${t("company_skills")}</h2>
        <div class="table-wrap" role="region" aria-label=${employers.join(", ")} tabindex="0"><table class="data company"><thead><tr><th scope="col">${t("company_worker")}</th>${modules.map((one) => html`<th scope="col">${one.title}</th>`)}<th scope="col">${t("company_next")}</th><th scope="col">${t("company_certificates")}</th></tr></thead>
        <tbody>${workers.map((worker) => this.#workerTemplate(worker, modules))}</tbody></table></div></section>`
          : html`<p class="notice">${t("company_nobody")}</p>`
      }`;
  }

  #endsTemplate() {
    const { modules, workers } = this.#found;
    const titles = new Map(modules.map((one) => [one.id, one.title]));
    const ending = workers
      .flatMap((worker) => worker.skills.map((skill) => ({ worker, skill })))
      .filter(({ skill }) => skill.state === "ends-soon")
      .sort((one, other) => one.skill.valid_until.localeCompare(other.skill.valid_until));
    return html`<section aria-labelledby="ends"><h2 id="ends">${t("company_ends")}</h2>${
      ending.length
        ? html`<ul>${ending.map(({ worker, skill }) => html`<li><b>${worker.name}</b>: ${titles.get(skill.module_id)}, ${t("skill_ends_soon", { day: dayText(skill.valid_until) })}</li>`)}</ul>`
        : html`<p>${t("company_ends_none")}</p>`
    }</section>`;
  }

  #workerTemplate(worker, modules) {
    const skills = new Map(worker.skills.map((skill) => [skill.module_id, skill]));
    return html`<tr><th scope="row">${worker.name}</th>${modules.map((one) => {
      const skill = skills.get(one.id);
      return html`<td data-label=${one.title}>${skill ? this.#skillTemplate(skill) : "–"}</td>`;
    })}
      <td data-label=${t("company_next")}>${worker.places.length ? worker.places.map((place) => html`<div>${place.title}<br /><small>${dateAndTime(place.begins, locale, place.timezone)}${place.waiting ? html` · ${t("company_waiting")}` : nothing}</small></div>`) : "–"}</td>
      <td data-label=${t("company_certificates")}>${worker.certificates.length ? worker.certificates.map((one) => html`<div><a href=${new URL(one.address).pathname + new URL(one.address).search}>${one.title} ${one.number}</a>${one.state === "valid" ? nothing : html` <span class="chip chip-late">${t(`state_${one.state}`)}</span>`}</div>`) : "–"}</td></tr>`;
  }

  #skillTemplate(skill) {
    const key = `skill_${skill.state.replace("-", "_")}`;
    return html`<span class="chip chip-${CHIPS[skill.state]}">${t(key, { day: skill.valid_until ? dayText(skill.valid_until) : "" })}</span>${skill.level ? html` <small>${skill.level}</small>` : nothing}`;
  }
}

customElements.define("air-company", AirCompany);
