// The audit trail: filtered, the story of one result, and as a file.

import { html, nothing } from "lit/html.js";
import "./administration-texts.js";
import { dateAndTime, percent } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { confirmTemplate, download } from "./confirming.js";
import { api } from "./server.js";

const ACTIONS = [
  "sign-in",
  "link.",
  "invitation.",
  "password.",
  "person.",
  "attempt.",
  "class.",
  "event.",
  "document.",
  "catalogue.",
  "settings.",
  "audit.",
];
const FILTER = ["action", "person", "first", "last", "before"];

class AirAudit extends AppPage {
  title = t("page_audit");
  #trail = null;
  #story = null;
  #form = "";

  refusal({ pages }) {
    return pages.includes("audit") ? "" : t("admin_only");
  }

  async load() {
    const attempt = this.query.get("attempt");
    this.#form = "";
    this.#story = attempt ? await api.get(`/audit/attempts/${attempt}`) : null;
    if (!attempt) this.#trail = await api.get(`/audit?${new URLSearchParams(this.#asked(FILTER))}`);
  }

  #asked(names) {
    return Object.fromEntries(names.map((name) => [name, this.query.get(name)]).filter(([, value]) => value));
  }

  draw() {
    return this.#story ? this.#storyTemplate() : this.#trailTemplate();
  }

  #trailTemplate() {
    const { entries, more } = this.#trail;
    const last = entries.at(-1)?.sequence;
    const search = (event) => {
      event.preventDefault();
      const asked = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
      if (this.query.get("person")) asked.set("person", this.query.get("person"));
      this.go(`?${asked}`);
    };
    const chosen = this.query.get("action") ?? "";
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${this.messageTemplate()}
      <form class="inline-form" @submit=${search}>
        <label>${t("audit_action")}<select name="action"><option value="">${t("admin_all")}</option>${ACTIONS.map((one) => html`<option value=${one} ?selected=${one === chosen}>${t(`audit_${one.replace(".", "").replace("-", "_")}`)}</option>`)}</select></label>
        <label>${t("audit_first")}<input type="date" name="first" .value=${this.query.get("first") ?? ""} /></label>
        <label>${t("audit_last")}<input type="date" name="last" .value=${this.query.get("last") ?? ""} /></label>
        <button type="submit" class="button small">${t("people_find")}</button>
      </form>
      ${this.query.get("person") ? html`<p>${t("audit_one_person")} ${this.link({}, t("audit_everybody"))}</p>` : nothing}
      ${entries.length ? this.#table(entries) : html`<p class="notice">${t("audit_none")}</p>`}
      <nav class="actions" aria-label=${t("people_pages")}>${more ? this.link({ ...this.#asked(FILTER), before: last }, t("audit_older"), { className: "button quiet small" }) : nothing}</nav>
      ${this.#exportTemplate()}`;
  }

  #table(entries) {
    return html`<div class="table-wrap" role="region" aria-label=${this.title} tabindex="0"><table class="data"><thead><tr>
      <th scope="col">${t("audit_number")}</th><th scope="col">${t("audit_when")}</th><th scope="col">${t("audit_who")}</th><th scope="col">${t("audit_what")}</th><th scope="col">${t("audit_about")}</th><th scope="col">${t("audit_details")}</th></tr></thead>
      <tbody>${entries.map(
        (one) => html`<tr>
          <th scope="row">${one.sequence}</th>
          <td data-label=${t("audit_when")}>${dateAndTime(one.at, locale)}</td>
          <td data-label=${t("audit_who")}><bdi>${one.actor_name || one.actor}</bdi></td>
          <td data-label=${t("audit_what")}><code>${one.action}</code></td>
          <td data-label=${t("audit_about")}>${one.subject.startsWith("attempt:") ? this.link({ attempt: one.subject.slice(8) }, t("audit_story")) : html`<bdi>${one.subject_name || one.subject}</bdi>`}</td>
          <td data-label=${t("audit_details")}><small>${[
            one.old,
            one.new,
            Object.keys(one.typed).length ? one.typed : null,
          ]
            .filter((part) => part !== null)
            .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
            .join(" → ")}</small></td></tr>`,
      )}</tbody></table></div>`;
  }

  #exportTemplate() {
    const open = (form) => () => {
      this.#form = form;
      this.update();
      this.querySelector(".card input[type=password]")?.focus();
    };
    return html`<section aria-labelledby="audit-export"><h2 id="audit-export">${t("audit_export")}</h2><p class="hint">${t("audit_export_hint")}</p>
      <p class="actions">${["pdf", "csv", "json"].map((form) => html`<button type="button" class="button quiet" @click=${open(form)}>${form.toUpperCase()}</button>`)}</p>
      ${
        this.#form
          ? html`<div class="card">${confirmTemplate(this, {
              label: t("audit_take", { form: this.#form.toUpperCase() }),
              why: false,
              cancel: open(""),
              send: async (confirmation) => {
                const form = this.#form;
                const body = { ...this.#asked(["action", "person", "first", "last"]), form, lang, confirmation };
                try {
                  await download("/audit/export", body, `audit.${form}`);
                  this.#form = "";
                  this.tell(t("audit_taken"), true);
                } catch {
                  this.tell(t("error_generic"), false);
                }
              },
            })}</div>`
          : nothing
      }</section>`;
  }

  #storyTemplate() {
    const { name, module_id, quiz_id, version, steps } = this.#story;
    return html`<p>${this.link({}, t("audit_back"))}</p><h1 tabindex="-1">${t("story_title", { name })}</h1>
      <p>${module_id}, ${quiz_id} · <small>${t("story_version", { version: version.slice(0, 12) })}</small></p>
      <ol class="story">${steps.map(
        (
          step,
        ) => html`<li><strong>${t(`story_${step.what.replace("-", "_")}`)}</strong> · ${dateAndTime(step.at, locale)}${step.entry ? html` · ${t("story_number", { number: step.entry })}` : nothing}
          <dl class="facts">${Object.entries(step.about).map(([key, value]) => html`<div><dt>${t(`story_about_${key}`)}</dt><dd>${key === "score" || key === "before" || key === "after" ? percent(value) : typeof value === "boolean" ? t(value ? "admin_yes" : "admin_no") : value}</dd></div>`)}</dl></li>`,
      )}</ol>`;
  }
}

customElements.define("air-audit", AirAudit);
