// How the house stands: letters that wait or were refused, what was published, versions and jobs.

import { html, nothing } from "lit/html.js";
import "./administration-texts.js";
import { dateAndTime } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { confirmTemplate } from "./confirming.js";
import { pageOf } from "./lesson-html.js";
import { api } from "./server.js";

class AirUpkeep extends AppPage {
  title = t("page_upkeep");
  #letters = null;
  #publications = null;
  #health = null;
  #content = null;
  #returning = null; // The publication that one is about to go back to.

  refusal({ pages }) {
    return pages.includes("upkeep") ? "" : t("admin_only");
  }

  async load() {
    [this.#letters, { publications: this.#publications }, this.#health, this.#content] = await Promise.all([
      api.get("/letters"),
      api.get("/publications"),
      api.get("/health"),
      api.get(`/content?lang=${lang}`),
    ]);
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1>${this.messageTemplate()}
      ${this.#healthTemplate()}${this.#lettersTemplate()}${this.#contentTemplate()}${this.#publicationsTemplate()}`;
  }

  #healthTemplate() {
    const { database, python, jobs, people, waiting, failed } = this.#health;
    const newest = Object.values(jobs).sort().at(-1);
    const facts = [
      [t("health_people"), people],
      [t("health_letters"), t("health_letters_say", { waiting, failed })],
      [t("health_jobs"), newest ? dateAndTime(newest, locale) : t("health_never")],
      [t("health_database"), database],
      ["Python", python],
    ];
    return html`<section aria-labelledby="health"><h2 id="health">${t("health_title")}</h2>
      <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>`;
  }

  #lettersTemplate() {
    const { letters } = this.#letters;
    return html`<section aria-labelledby="letters"><h2 id="letters">${t("letters_title")}</h2>
      ${
        letters.length
          ? html`<div class="table-wrap" role="region" aria-label=${t("letters_table")} tabindex="0"><table class="data"><thead><tr>
        <th scope="col">${t("letters_to")}</th><th scope="col">${t("letters_kind")}</th><th scope="col">${t("letters_made")}</th><th scope="col">${t("people_status")}</th><th scope="col">${t("letters_why")}</th><th scope="col"><span class="visually-hidden">${t("people_acts")}</span></th></tr></thead>
        <tbody>${letters.map((one) => this.#letter(one))}</tbody></table></div>`
          : html`<p class="notice">${t("letters_none")}</p>`
      }</section>`;
  }

  #letter(one) {
    const settle = (again) =>
      this.act(
        `/letters/${one.id}`,
        { send_again: again },
        { done: t(again ? "letters_again_done" : "letters_sent_done"), after: () => this.load() },
      );
    return html`<tr><th scope="row"><bdi>${one.name}</bdi><small>${one.email}</small></th>
      <td data-label=${t("letters_kind")}>${one.kind}${one.caused_by ? html`<small>${t("letters_by", { name: one.caused_by })}</small>` : nothing}</td>
      <td data-label=${t("letters_made")}>${dateAndTime(one.created_at, locale)}</td>
      <td data-label=${t("people_status")}><span class="chip ${one.decision ? "chip-late" : ""}">${t(`letter_${one.state.replace(" ", "_")}`)}</span></td>
      <td data-label=${t("letters_why")}>${one.error || "–"}</td>
      <td class="row-acts">${
        one.decision
          ? html`<button type="button" class="linklike" aria-label=${t("letters_again_to", { name: one.name })} ?disabled=${this.busy} @click=${() => settle(true)}>${t("letters_again")}</button>
        <button type="button" class="linklike" aria-label=${t("letters_sent_to", { name: one.name })} ?disabled=${this.busy} @click=${() => settle(false)}>${t("letters_sent")}</button>`
          : nothing
      }</td></tr>`;
  }

  #contentTemplate() {
    const { courses, drafts } = this.#content;
    const modules = (one) =>
      Object.entries(one.modules).map(([kind, count]) => html`<span>${count} × ${t(`kind_${kind}`)}</span>`);
    return html`<section aria-labelledby="content-title"><h2 id="content-title">${t("content_title")}</h2>
      ${
        courses.length
          ? html`<ul class="due-list">${courses.map((one) => html`<li><a href=${pageOf(this, one.id)}>${one.title}</a> <span class="facts">${modules(one)}<span>${one.languages.join(", ").toUpperCase()}</span><span>${one.minutes} min</span></span></li>`)}</ul>`
          : html`<p class="notice">${t("publications_none")}</p>`
      }
      <h3>${t("content_drafts")}</h3>
      ${drafts.length ? html`<ul>${drafts.map((address) => html`<li><a href=${address}>${address}</a></li>`)}</ul>` : html`<p>${t("content_no_drafts")}</p>`}</section>`;
  }

  #returnTemplate(one) {
    const when = dateAndTime(one.at, locale);
    const show = (id) => {
      this.#returning = id;
      this.update();
      this.querySelector(".publications form input:not([hidden])")?.focus();
    };
    if (this.#returning !== one.id)
      return html`<button type="button" class="linklike" aria-label=${t("publications_return_to", { when })} ?disabled=${this.busy} @click=${() => show(one.id)}>${t("publications_return")}</button>`;
    return html`<div class="card"><p>${t("publications_return_text")}</p>${confirmTemplate(this, {
      label: t("publications_return"),
      send: (confirmation, why) =>
        this.act(
          `/publications/${one.id}/return`,
          { confirmation, why },
          {
            done: t("publications_returned", { when }),
            after: () => {
              this.#returning = null;
              return this.load();
            },
          },
        ),
      cancel: () => show(null),
    })}</div>`;
  }

  #publicationsTemplate() {
    const list = (names, text) =>
      names.length
        ? html`<details><summary>${t(text, { count: names.length })}</summary><ul>${names.map((name) => html`<li>${name}</li>`)}</ul></details>`
        : nothing;
    return html`<section aria-labelledby="publications"><h2 id="publications">${t("publications_title")}</h2>
      ${
        this.#publications.length
          ? html`<ol class="publications" reversed>${this.#publications.map(
              (
                one,
              ) => html`<li><strong>${dateAndTime(one.at, locale)}</strong> · ${one.actor_name}${one.current ? html` <span class="chip chip-done">${t("publications_current")}</span>` : nothing}
            ${one.kept && !one.current ? this.#returnTemplate(one) : nothing}
            ${list(one.added, "publications_added")}${list(one.changed, "publications_changed")}${list(one.removed, "publications_removed")}</li>`,
            )}</ol>`
          : html`<p class="notice">${t("publications_none")}</p>`
      }
      <p class="hint">${t("publications_back")}</p></section>`;
  }
}

customElements.define("air-upkeep", AirUpkeep);
