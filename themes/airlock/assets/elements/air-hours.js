// Hours of everybody, for the centre: totals of a period, the lines behind each number, and what schemes pay for.

import { html, nothing } from "lit/html.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { dayText, hoursText, timeText } from "./documents-texts.js";
import { api } from "./server.js";

const KINDS = ["on-site", "live-remote", "self-paced"];
const BY = ["month", "audience", "scheme", "employer", "class", "course", "path", "room", "trainer"];
const DAY = /^\d{4}-\d\d-\d\d$/;

class AirHours extends AppPage {
  title = t("page_hours");
  #report = null;
  #lines = null;
  #schemes = [];
  #claims = null;
  #mandates = [];

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
    this.#mandates = (await api.get("/mandates")).mandates;
    const known = this.#schemes.some((one) => one.code === asked.scheme);
    this.#claims = known ? await api.get(`/schemes/${asked.scheme}/claims?${period}`) : null;
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${this.#lines ? this.#linesTemplate() : this.#claims ? this.#claimsTemplate() : this.#totalsTemplate()}`;
  }

  #link(more, content, label = nothing) {
    return html`<a href="?${this.#query(more)}" aria-label=${label}>${content}</a>`;
  }

  #totalsTemplate() {
    const { first, last, by } = this.#asked;
    const { rows, whole, several } = this.#report;
    const most = Math.max(1, ...rows.flatMap((row) => KINDS.map((kind) => row.minutes[kind] ?? 0)));
    return html`<p>${t("totals_intro")}</p>
      <form class="inline-form" @submit=${this.#ask}>
        <label>${t("documents_first")}<input type="date" name="first" required .defaultValue=${first} /></label>
        <label>${t("documents_last")}<input type="date" name="last" required .defaultValue=${last} /></label>
        <label>${t("totals_by")}<select name="by">${BY.map((one) => html`<option value=${one} ?selected=${one === by}>${t(`by_${one}`)}</option>`)}</select></label>
        <button type="submit" class="button small">${t("totals_show")}</button></form>
      ${
        rows.length
          ? html`<div class="table-wrap" tabindex="0" role="region" aria-label=${this.title}><table class="data totals"><thead><tr><th scope="col">${t(`by_${by}`)}</th><th scope="col">${t("totals_people")}</th>${KINDS.map((kind) => html`<th scope="col">${t(`hours_${kind.replace("-", "_")}`)}</th>`)}<th scope="col">${t("totals_overlap")}</th></tr></thead>
        <tbody>${rows.map((row) => this.#rowTemplate(row, most))}</tbody>
        <tfoot><tr><th scope="row">${t("totals_whole")}</th><td data-label=${t("totals_people")}>${whole.people.toLocaleString(locale)}</td>${KINDS.map((kind) => html`<td data-label=${t(`hours_${kind.replace("-", "_")}`)}>${timeText(whole.minutes[kind] ?? 0)}</td>`)}<td data-label=${t("totals_overlap")}>${timeText(whole.overlap)}</td></tr></tfoot></table></div>
        ${several ? html`<p class="hint">${t("totals_several")}</p>` : nothing}
        <p class="actions">${t("totals_files")} ${["hours.xlsx", "hours.csv", "hours.pdf"].map((file) => html`<a class="button small quiet" href="/api/v1/totals/exports/${file}?${this.#query({ lang })}">${file.split(".")[1]}</a> `)}<a class="button small quiet" href="/api/v1/totals/exports/lines.xlsx?${this.#query({ lang })}">${t("totals_lines_file")}</a> <a class="button small quiet" href="/api/v1/totals/pack.zip?${new URLSearchParams({ first, last, lang })}">${t("totals_pack")}</a></p>`
          : html`<p class="notice">${t("totals_none")}</p>`
      }
      <section aria-labelledby="schemes"><h2 id="schemes">${t("totals_schemes")}</h2>
        ${this.#schemes.length ? html`<ul class="document-list">${this.#schemes.map((one) => html`<li><h3>${this.#link({ scheme: one.code }, one.title)}</h3><p class="facts"><span>${one.hours.map((kind) => t(`hours_${kind.replace("-", "_")}`)).join(", ")}</span>${one.least_hours ? html`<span>${t("totals_scheme_least", { hours: one.least_hours })}</span>` : nothing}${one.unverified.length ? html`<span class="chip chip-late">${t("totals_scheme_unverified")}</span>` : nothing}</p></li>`)}</ul>` : html`<p>${t("totals_scheme_none")}</p>`}</section>
      <section aria-labelledby="mandates"><h2 id="mandates">${t("mandates")}</h2><p class="hint">${t("mandates_hint")}</p>
        ${this.message ? html`<p class="notice notice-late" role="alert">${this.message.text}</p>` : nothing}
        ${this.#mandates.length ? html`<ul class="document-list">${this.#mandates.map((one) => html`<li class="line"><div><b>${one.name}</b> · ${one.employer}</div><button type="button" class="button small quiet" ?disabled=${this.busy} aria-label=${t("mandates_end_named", one)} @click=${() => this.#act(`/mandates/${one.id}/end`, {})}>${t("mandates_end")}</button></li>`)}</ul>` : html`<p>${t("mandates_none")}</p>`}
        <form class="inline-form" @submit=${this.#give}><label>${t("mandates_email")}<input name="email" type="email" required maxlength="254" /></label><label>${t("mandates_employer")}<input name="employer" required maxlength="120" /></label><button type="submit" class="button small" ?disabled=${this.busy}>${t("mandates_give")}</button></form></section>`;
  }

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
      await api.once(path, body);
      await this.load();
    } catch (error) {
      this.message = { text: error.code === "not_found" ? t("mandates_nobody") : errorText(error), good: false };
    }
    this.busy = false;
    this.update();
    return !this.message;
  }

  #rowTemplate(row, most) {
    const title = this.#titleOf(row);
    return html`<tr><th scope="row">${title}</th><td data-label=${t("totals_people")}>${row.people.toLocaleString(locale)}</td>${KINDS.map(
      (kind) => {
        const minutes = row.minutes[kind] ?? 0;
        const time = timeText(minutes);
        return html`<td data-label=${t(`hours_${kind.replace("-", "_")}`)}>${minutes ? this.#link({ key: row.key }, html`${time}<meter min="0" max=${most} value=${minutes} aria-hidden="true"></meter>`, t("totals_open", { title, time })) : "–"}</td>`;
      },
    )}<td data-label=${t("totals_overlap")}>${row.overlap ? timeText(row.overlap) : "–"}</td></tr>`;
  }

  #titleOf(row) {
    if (this.#asked.by !== "month" || !/^\d{4}-\d\d$/.test(row.title)) return row.title;
    return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" }).format(
      new Date(`${row.title}-15T12:00Z`),
    );
  }

  #linesTemplate() {
    const { key, page } = this.#asked;
    const { lines, count, pages } = this.#lines;
    const row = this.#report.rows.find((one) => one.key === key);
    const title = row ? this.#titleOf(row) : key;
    return html`<p>${this.#link({}, t("totals_back"))}</p>
      <h2>${t("totals_lines", { title })}</h2>
      <p class="facts">${KINDS.filter((kind) => row?.minutes[kind]).map((kind) => html`<span>${hoursText(kind, row.minutes[kind])}</span>`)}<span>${t("totals_count", { count })}</span></p>
      <div class="table-wrap" tabindex="0" role="region" aria-label=${t("totals_lines", { title })}><table class="data"><thead><tr><th scope="col">${t("totals_day")}</th><th scope="col">${t("totals_learner")}</th><th scope="col">${t("totals_what")}</th><th scope="col">${t("totals_counts")}</th><th scope="col">${t("totals_signed")}</th></tr></thead>
      <tbody>${lines.map((line) => {
        const signed = ["learner", "trainer"].filter((side) => line[`${side}_signed`]);
        return html`<tr><td data-label=${t("totals_day")}>${dayText(line.day)}</td><th scope="row"><a href="${this.getAttribute("documents")}?person=${line.person_id}">${line.name}</a></th><td data-label=${t("totals_what")}>${line.event ? html`<a href="${this.getAttribute("events")}?event=${line.event}">${line.title}</a>` : line.title}</td><td data-label=${t("totals_counts")}>${hoursText(line.kind, line.minutes)}${line.overlap ? html`<br /><small>${t("totals_overlaps", { time: timeText(line.overlap), lines: line.overlaps.join(", ") })}</small>` : nothing}</td><td data-label=${t("totals_signed")}>${line.event ? signed.map((side) => t(`totals_${side}_signed`)).join(", ") || t("totals_nobody") : "–"}</td></tr>`;
      })}</tbody></table></div>
      ${pages > 1 ? html`<p class="actions">${page > 1 ? this.#link({ key, page: page - 1 }, t("totals_previous")) : nothing} ${t("totals_page", { page, pages })} ${page < pages ? this.#link({ key, page: page + 1 }, t("totals_next")) : nothing}</p>` : nothing}`;
  }

  #claimsTemplate() {
    const { scheme, people, minutes } = this.#claims;
    const { first, last } = this.#asked;
    const file = `/api/v1/schemes/${scheme.code}/exports/claims.xlsx?${new URLSearchParams({ first, last, lang })}`;
    return html`<p>${this.#link({}, t("totals_back"))}</p>
      <h2>${scheme.title}</h2>
      <p class="facts"><span>${dayText(first)} – ${dayText(last)}</span><span>${t("totals_scheme_paid")} ${timeText(minutes)}</span>${scheme.least_hours ? html`<span>${t("totals_scheme_least", { hours: scheme.least_hours })}</span>` : nothing}</p>
      ${scheme.unverified.length ? html`<div class="notice"><b>${t("totals_scheme_unverified")}</b><ul lang="en">${scheme.unverified.map((one) => html`<li>${one}</li>`)}</ul></div>` : nothing}
      ${
        people.length
          ? html`<div class="table-wrap" tabindex="0" role="region" aria-label=${scheme.title}><table class="data"><thead><tr><th scope="col">${t("totals_learner")}</th><th scope="col">${t("totals_scheme_paid")}</th><th scope="col">${t("totals_scheme_unpaid")}</th></tr></thead><tbody>${people.map((one) => html`<tr><th scope="row">${one.name}</th><td data-label=${t("totals_scheme_paid")}>${timeText(one.minutes)}${scheme.least_hours && one.reached ? html` <span class="chip chip-done">${t("totals_scheme_reached")}</span>` : nothing}</td><td data-label=${t("totals_scheme_unpaid")}>${Object.entries(one.unpaid).map(([why, time]) => html`${timeText(time)} · ${t(`unpaid_${why.replace("-", "_")}`)}<br />`)}</td></tr>`)}</tbody></table></div>
        <p class="actions">${t("totals_files")} <a class="button small quiet" href=${file}>xlsx</a></p>`
          : html`<p class="notice">${t("totals_scheme_nobody")}</p>`
      }
      ${scheme.deadlines.length ? html`<ul>${scheme.deadlines.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
      <h3>${t("totals_scheme_sources")}</h3><ul lang="en">${scheme.sources.map((one) => html`<li>${one}</li>`)}</ul>`;
  }

  #ask = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const asked = new URLSearchParams(["first", "last", "by"].map((name) => [name, data.get(name)]));
    history.pushState(null, "", `?${asked}`);
    this.refresh({ focus: true });
  };
}

customElements.define("air-hours", AirHours);
