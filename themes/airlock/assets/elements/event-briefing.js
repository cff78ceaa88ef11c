// What a trainer should know of a group before a practical: one page, also on paper.
import { html, nothing } from "lit/html.js";
import { share } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { pageOf, placed } from "./lesson-html.js";
import { needsTemplate, titlesOf, verdictChip } from "./readiness-texts.js";
import { api } from "./server.js";

/** Objectives that fit on the sheet beside the rest. */
const MOST = 6;

export class BriefingView {
  #page;
  #found = null;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load(event) {
    this.#found = await api.get(`/events/${event.id}/briefing?lang=${lang}`);
  }

  #url(id) {
    return pageOf(this.#page, id);
  }

  draw() {
    const found = this.#found;
    if (!found.people.length) return html`<p class="notice">${t("briefing_nobody")}</p>`;
    const ready = found.people.filter((person) => person.state === "ready").length;
    return html`<div class="briefing"><p class="facts"><span>${t("briefing_counts", { ready, count: found.people.length })}</span><span>${t("briefing_names")}</span>
        <button type="button" class="button small quiet no-print" @click=${() => print()}>${t("briefing_print")}</button></p>
      ${this.#openingsTemplate(found)}
      <section><h2>${t("briefing_people")}</h2><ul class="people-list">${found.people.map((person) => html`<li><span>${person.name}</span> ${verdictChip(person)} ${person.missing.length ? html`<details class="fold"><summary>${titlesOf(person.missing).join(", ")}</summary>${needsTemplate(person.missing, (id) => this.#url(id))}</details>` : nothing}</li>`)}</ul></section>
      <section><h2>${t("briefing_sure")}</h2>${
        found.sure_and_wrong.length
          ? html`<ul class="briefing-list">${found.sure_and_wrong.map((one) => html`<li><p class="hint">${one.title} · ${t("briefing_sure_line", one)}</p><div>${placed(one.stem, one.module_id)}</div><p><b>${one.sure.map((person) => person.name).join(", ")}</b></p></li>`)}</ul>`
          : html`<p>${t("briefing_sure_none")}</p>`
      }</section>
      <section><h2>${t("briefing_weak")}</h2>${this.#weakTemplate(found)}</section>
      <section><h2>${t("briefing_open")}</h2>${
        found.questions.length
          ? html`<ul class="briefing-list">${found.questions.map((one) => html`<li><p class="hint">${one.name} · <a href="${this.#url(one.module_id)}#questions">${one.title}</a></p><p class="note-text">${one.text}</p></li>`)}</ul>`
          : html`<p>${t("briefing_open_none")}</p>`
      }</section></div>`;
  }

  #openingsTemplate(found) {
    const reason = (one) =>
      t(`briefing_${one.kind}`, {
        concerns: one.concerns,
        of: one.of,
        share: one.share === null ? "" : share(one.share, locale),
      });
    return html`<section class="panel"><h2>${t("briefing_openings")}</h2>
      ${
        found.openings.length
          ? html`<ol class="openings">${found.openings.map((one) => html`<li><div><b>${one.kind === "belief" ? placed(one.stem, one.module_id) : one.objective || one.title}</b></div><p class="hint">${one.kind === "objective" && !one.objective ? "" : html`${one.title} · `}${reason(one)}</p></li>`)}</ol>`
          : found.few
            ? nothing
            : html`<p>${t("briefing_openings_none")}</p>`
      }
      ${found.few ? html`<p class="notice">${t("briefing_few", { count: found.answered })}</p>` : nothing}</section>`;
  }

  #weakTemplate(found) {
    if (!found.weaknesses.length) return html`<p>${t("briefing_weak_none")}</p>`;
    const shown = found.weaknesses.filter((one) => one.below).slice(0, MOST);
    const others = found.weaknesses.slice(shown.length);
    return html`${shown.length ? this.#tableTemplate(shown, t("briefing_weak")) : html`<p>${t("briefing_weak_nothing")}</p>`}
      ${others.length ? html`<details class="fold no-print"><summary>${t("briefing_others", { count: others.length })}</summary>${this.#tableTemplate(others, t("briefing_others", { count: others.length }))}</details>` : nothing}`;
  }

  #tableTemplate(lines, label) {
    return html`<div class="table-wrap" role="region" tabindex="0" aria-label=${label}><table class="data"><thead><tr><th scope="col">${t("briefing_objective_name")}</th><th scope="col">${t("briefing_share")}</th><th scope="col">${t("briefing_below")}</th></tr></thead>
      <tbody>${lines.map((one) => html`<tr><th scope="row">${one.objective || t("briefing_other")} <small>${one.title}</small></th><td>${share(one.share, locale)}</td><td>${one.below} / ${one.learners}</td></tr>`)}</tbody></table></div>`;
  }
}
