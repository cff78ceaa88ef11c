// Hours of everybody, for the centre: totals of a period, the lines behind each number, and what schemes pay for.

import { html, nothing } from "lit/html.js";
import { errorText, lang, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { dayText, fieldName, timeText } from "./documents-texts.js";
import { api } from "./server.js";
import { BY, byTemplate, linesTemplate, totalsTemplate } from "./totals-table.js";

const DAY = /^\d{4}-\d\d-\d\d$/;

class AirHours extends AppPage {
  title = t("page_hours");
  #report = null;
  #lines = null;
  #schemes = [];
  #claims = null;
  #opened = null;
  #mandates = [];
  #inspections = [];
  #address = null;

  refusal(person) {
    return person.pages.includes("hours") ? "" : t("totals_not_for_you");
  }

  /** What the address asks for: a period, what the rows are, and which number is open. */
  get #asked() {
    const { query } = this;
    const year = new Date().getFullYear();
    const day = (name, other) => (DAY.test(query.get(name) ?? "") ? query.get(name) : other);
    return {
      first: day("first", `${year}-01-01`),
      last: day("last", `${year}-12-31`),
      by: BY.includes(query.get("by")) ? query.get("by") : "month",
      key: query.get("key"),
      scheme: query.get("scheme"),
      page: Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1),
    };
  }

  #query(more = {}) {
    const { first, last, by } = this.#asked;
    return new URLSearchParams({ first, last, by, ...more }).toString();
  }

  async load() {
    const asked = this.#asked;
    const period = new URLSearchParams({ first: asked.first, last: asked.last, lang });
    this.#report = await api.get(`/totals?${this.#query({ lang })}`);
    this.#lines =
      asked.key === null
        ? null
        : await api.get(`/totals/lines?${this.#query({ lang, key: asked.key, page: asked.page })}`);
    this.#schemes = (await api.get(`/schemes?lang=${lang}`)).schemes;
    [this.#mandates, this.#inspections] = await Promise.all([
      api.get("/mandates").then((found) => found.mandates),
      api.get("/inspections").then((found) => found.inspections),
    ]);
    this.#opened = null;
    const known = this.#schemes.some((one) => one.code === asked.scheme);
    this.#claims = known ? await api.get(`/schemes/${asked.scheme}/claims?${period}`) : null;
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${this.#lines ? linesTemplate(this.#lines, this.#report, this.#asked, this.#link, { documents: this.getAttribute("documents"), events: this.getAttribute("events") }) : this.#claims ? this.#claimsTemplate() : this.#totalsTemplate()}`;
  }

  #link = (more, content, label = nothing) => html`<a href="?${this.#query(more)}" aria-label=${label}>${content}</a>`;

  #totalsTemplate() {
    const { first, last, by } = this.#asked;
    return html`<p>${t("totals_intro")}</p>
      <form class="inline-form" @submit=${this.#ask}>
        <label>${t("documents_first")}<input type="date" name="first" required .defaultValue=${first} /></label>
        <label>${t("documents_last")}<input type="date" name="last" required .defaultValue=${last} /></label>
        ${byTemplate(by)}
        <button type="submit" class="button small">${t("totals_show")}</button></form>
      ${totalsTemplate(this.#report, by, this.title, this.#link)}
      ${
        this.#report.rows.length
          ? html`<p class="actions">${t("totals_files")} ${["hours.xlsx", "hours.csv", "hours.pdf"].map((file) => html`<a class="button small quiet" href="/api/v1/totals/exports/${file}?${this.#query({ lang })}">${file.split(".")[1]}</a> `)}<a class="button small quiet" href="/api/v1/totals/exports/lines.xlsx?${this.#query({ lang })}">${t("totals_lines_file")}</a> <a class="button small quiet" href="/api/v1/totals/pack.zip?${new URLSearchParams({ first, last, lang })}">${t("totals_pack")}</a></p>`
          : nothing
      }
      <section aria-labelledby="schemes"><h2 id="schemes">${t("totals_schemes")}</h2>
        ${this.#schemes.length ? html`<ul class="document-list">${this.#schemes.map((one) => html`<li><h3>${this.#link({ scheme: one.code }, one.title)}</h3><p class="facts"><span>${one.hours.map((kind) => t(`hours_${kind.replace("-", "_")}`)).join(", ")}</span>${one.least_hours ? html`<span>${t("totals_scheme_least", { hours: one.least_hours })}</span>` : nothing}${one.unverified.length ? html`<span class="chip chip-late">${t("totals_scheme_unverified")}</span>` : nothing}</p></li>`)}</ul>` : html`<p>${t("totals_scheme_none")}</p>`}</section>
      <section aria-labelledby="mandates"><h2 id="mandates">${t("mandates")}</h2><p class="hint">${t("mandates_hint")}</p>
        ${this.message ? html`<p class="notice notice-late" role="alert">${this.message.text}</p>` : nothing}
        ${this.#mandates.length ? html`<ul class="document-list">${this.#mandates.map((one) => html`<li class="line"><div><b>${one.name}</b> · ${one.employer}</div><button type="button" class="button small quiet" ?disabled=${this.busy} aria-label=${t("mandates_end_named", one)} @click=${() => this.#act(`/mandates/${one.id}/end`, {})}>${t("mandates_end")}</button></li>`)}</ul>` : html`<p>${t("mandates_none")}</p>`}
        <form class="inline-form" @submit=${this.#give}><label>${t("mandates_email")}<input name="email" type="email" required maxlength="254" /></label><label>${t("mandates_employer")}<input name="employer" required maxlength="120" /></label><button type="submit" class="button small" ?disabled=${this.busy}>${t("mandates_give")}</button></form></section>
      <section aria-labelledby="inspections"><h2 id="inspections">${t("inspections")}</h2><p class="hint">${t("inspections_hint")}</p>
        ${this.#address ? html`<p class="notice notice-good" role="status">${t("inspections_made", { label: this.#address.label })}<br /><code class="digest">${this.#address.address}</code></p>` : nothing}
        ${this.#inspections.length ? html`<ul class="document-list">${this.#inspections.map((one) => this.#inspectionTemplate(one))}</ul>` : nothing}
        <form class="inline-form" @submit=${this.#inspect}><label>${t("inspections_for")}<input name="label" required maxlength="120" /></label><label>${t("inspections_days")}<input name="days" type="number" min="1" max="90" required .defaultValue=${"14"} /></label><button type="submit" class="button small" ?disabled=${this.busy}>${t("inspections_make")}</button></form></section>`;
  }

  #inspectionTemplate(one) {
    const open = !one.ended_at && new Date(one.expires_at) > new Date();
    return html`<li class="line"><div><b>${one.label}</b> · ${dayText(one.first)} – ${dayText(one.last)} · ${open ? t("inspections_until", { day: dayText(one.expires_at) }) : t("inspections_closed")}</div>${open ? html`<button type="button" class="button small quiet" ?disabled=${this.busy} aria-label=${t("inspections_end_named", one)} @click=${() => this.#act(`/inspections/${one.id}/end`, {})}>${t("inspections_end")}</button>` : nothing}</li>`;
  }

  #inspect = async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    const { first, last } = this.#asked;
    const body = { label: data.get("label"), days: Number(data.get("days")), first, last };
    if (await this.#act("/inspections", body)) form.reset();
  };

  #give = async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    if (await this.#act("/mandates", { email: data.get("email"), employer: data.get("employer") })) form.reset();
  };

  async #act(path, body) {
    this.busy = true;
    this.message = null;
    this.update();
    try {
      const made = await api.once(path, body);
      this.#address = made.address ? made : null;
      await this.load();
    } catch (error) {
      this.message = { text: error.code === "not_found" ? t("mandates_nobody") : errorText(error), good: false };
    }
    this.busy = false;
    this.update();
    return !this.message;
  }

  #claimsTemplate() {
    const { scheme, people, minutes } = this.#claims;
    const { first, last } = this.#asked;
    const particulars = scheme.asks.filter((field) => field !== "employer");
    const file = `/api/v1/schemes/${scheme.code}/exports/claims.xlsx?${new URLSearchParams({ first, last, lang })}`;
    return html`<p>${this.#link({}, t("totals_back"))}</p>
      <h2>${scheme.title}</h2>
      <p class="facts"><span>${dayText(first)} – ${dayText(last)}</span><span>${t("totals_scheme_paid")} ${timeText(minutes)}</span>${scheme.least_hours ? html`<span>${t("totals_scheme_least", { hours: scheme.least_hours })}</span>` : nothing}</p>
      ${scheme.unverified.length ? html`<div class="notice"><b>${t("totals_scheme_unverified")}</b><ul lang="en">${scheme.unverified.map((one) => html`<li>${one}</li>`)}</ul></div>` : nothing}
      ${
        people.length
          ? html`<div class="table-wrap" tabindex="0" role="region" aria-label=${scheme.title}><table class="data"><thead><tr><th scope="col">${t("totals_learner")}</th><th scope="col">${t("totals_scheme_paid")}</th><th scope="col">${t("totals_scheme_unpaid")}</th>${particulars.length ? html`<th scope="col">${t("particulars_asked")}</th>` : nothing}</tr></thead><tbody>${people.map((one) => html`<tr><th scope="row">${one.name}</th><td data-label=${t("totals_scheme_paid")}>${timeText(one.minutes)}${scheme.least_hours && one.reached ? html` <span class="chip chip-done">${t("totals_scheme_reached")}</span>` : nothing}</td><td data-label=${t("totals_scheme_unpaid")}>${Object.entries(one.unpaid).map(([why, time]) => html`${timeText(time)} · ${t(`unpaid_${why.replace("-", "_")}`)}<br />`)}</td>${particulars.length ? html`<td class="stacked" data-label=${t("particulars_asked")}>${this.#given(one, particulars)}</td>` : nothing}</tr>`)}</tbody></table></div>
        <p class="actions">${t("totals_files")} <a class="button small quiet" href=${file}>xlsx</a></p>
        ${particulars.length && !this.#opened ? html`<p><button type="button" class="button small quiet" ?disabled=${this.busy} @click=${this.#see}>${t("particulars_see")}</button></p>` : nothing}
        ${this.message ? html`<p class="alert" role="alert">${this.message.text}</p>` : nothing}`
          : html`<p class="notice">${t("totals_scheme_nobody")}</p>`
      }
      ${scheme.deadlines.length ? html`<ul>${scheme.deadlines.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
      <h3>${t("totals_scheme_sources")}</h3><ul lang="en">${scheme.sources.map((one) => html`<li>${one}</li>`)}</ul>`;
  }

  /** What a learner gave, once it was asked for; before that, what is missing. */
  #given(one, particulars) {
    const values = this.#opened?.get(one.person_id) ?? {};
    const missing = one.missing.length
      ? html`<span class="chip chip-late">${t("particulars_missing", { names: one.missing.map(fieldName).join(", ") })}</span>`
      : nothing;
    if (!this.#opened) return one.missing.length ? missing : "✓";
    return html`${particulars.filter((field) => field in values).map((field) => html`${fieldName(field)}${t("colon")} ${values[field] ?? t("particulars_unreadable")}<br />`)}${missing}`;
  }

  #see = async () => {
    this.busy = true;
    this.message = null;
    this.update();
    try {
      const { people } = await api.once(`/schemes/${this.#claims.scheme.code}/particulars/views`, {});
      this.#opened = new Map(people.map((one) => [one.person_id, one.values]));
    } catch (error) {
      this.message = { text: errorText(error), good: false };
    }
    this.busy = false;
    this.update();
  };

  #ask = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const asked = new URLSearchParams(["first", "last", "by"].map((name) => [name, data.get(name)]));
    history.pushState(null, "", `?${asked}`);
    this.refresh({ focus: true });
  };
}

customElements.define("air-hours", AirHours);
