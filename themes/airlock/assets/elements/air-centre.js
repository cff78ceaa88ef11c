// The centre's year: a month or a year against what the centre is made for, the simulator, outcomes of job seekers.

import { html, nothing } from "lit/html.js";
import { share } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { Simulator } from "./centre-simulator.js";
import "./centre-texts.js";
import { timeText } from "./documents-texts.js";
import { zoneKey } from "./event-rooms.js";
import "./events-texts.js";
import { api } from "./server.js";
import { totalsTemplate } from "./totals-table.js";
import { yearChart } from "./year-chart.js";

const KINDS = ["on-site", "live-remote", "self-paced"];
const VIEWS = ["year", "simulator", "outcomes"];
const tableOf = (key) => t("centre_table", { title: t(key) });
const number = (value) => value.toLocaleString(locale);
const part = (some, all) => (all ? some / all : 0);

class AirCentre extends AppPage {
  title = t("page_centre");
  #use = null;
  #months = null;
  #audiences = null;
  #paths = null;
  #outcomes = null;
  #simulator = new Simulator(this);

  refusal(person) {
    return person.pages.includes("centre") ? "" : t("totals_not_for_you");
  }

  get #view() {
    const view = this.query.get("view");
    return VIEWS.includes(view) ? view : "year";
  }

  /** What the address asks for: a year, and a month of it or all of them. */
  get #asked() {
    const now = new Date();
    const year = /^20\d\d$/.test(this.query.get("year") ?? "") ? Number(this.query.get("year")) : now.getFullYear();
    const month = /^(1[0-2]|[1-9])$/.test(this.query.get("month") ?? "") ? Number(this.query.get("month")) : 0;
    const two = (value) => String(value).padStart(2, "0");
    const last = month ? new Date(Date.UTC(year, month, 0)).getUTCDate() : 31;
    return {
      year,
      month,
      first: `${year}-${two(month || 1)}-01`,
      last: `${year}-${two(month || 12)}-${two(last)}`,
    };
  }

  async load() {
    const { first, last, year } = this.#asked;
    const period = `first=${first}&last=${last}`;
    if (this.#view === "simulator") return this.#simulator.load();
    if (this.#view === "outcomes") {
      this.#outcomes = (await api.get(`/outcomes?${period}`)).stages;
      return;
    }
    [this.#use, this.#months, this.#audiences, this.#paths] = await Promise.all([
      api.get(`/capacity?${period}`),
      api.get(`/totals?first=${year}-01-01&last=${year}-12-31&by=month&lang=${lang}`),
      api.get(`/totals?${period}&by=audience&lang=${lang}`),
      api.get(`/totals?${period}&by=path&lang=${lang}`),
    ]);
  }

  draw() {
    const view = this.#view;
    return html`<h1 tabindex="-1">${this.title}</h1>
      <nav class="views" aria-label=${this.title}>${VIEWS.map((one) => this.link({ ...this.#period(), view: one }, t(`centre_view_${one}`), { current: one === view }))}</nav>
      ${this.messageTemplate()}
      ${view === "simulator" ? this.#simulator.draw() : html`${this.#periodTemplate()}${view === "outcomes" ? this.#outcomesTemplate() : this.#yearTemplate()}`}`;
  }

  #period() {
    const { year, month } = this.#asked;
    return { year, ...(month ? { month } : {}) };
  }

  #periodTemplate() {
    const { year, month } = this.#asked;
    const years = Array.from({ length: 6 }, (_, ago) => new Date().getFullYear() + 1 - ago);
    const name = (one) =>
      new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(year, one - 1, 15)));
    return html`<form class="inline-form" @submit=${(event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      const view = this.#view;
      const asked = {
        year: data.get("year"),
        ...(data.get("month") === "0" ? {} : { month: data.get("month") }),
        view,
      };
      this.go(`?${new URLSearchParams(asked)}`);
    }}><label>${t("centre_year")}<select name="year">${[...new Set([...years, year])].map((one) => html`<option value=${one} ?selected=${one === year}>${one}</option>`)}</select></label>
      <label>${t("centre_month")}<select name="month"><option value="0" ?selected=${!month}>${t("centre_whole")}</option>${Array.from({ length: 12 }, (_, one) => html`<option value=${one + 1} ?selected=${one + 1 === month}>${name(one + 1)}</option>`)}</select></label>
      <button type="submit" class="button small">${t("totals_show")}</button></form>`;
  }

  #yearTemplate() {
    const { goals, rooms, trainers } = this.#use;
    const { year, first, last } = this.#asked;
    const link =
      (by) =>
      (more, content, label = nothing) =>
        html`<a href="${this.getAttribute("hours")}?${new URLSearchParams({ first, last, by, ...more })}" aria-label=${label}>${content}</a>`;
    return html`${this.#goalsTemplate()}
      <section aria-labelledby="months"><h2 id="months">${t("centre_months", { year })}</h2>
        <div class="year-charts">${KINDS.map((kind) => yearChart(this.#months.rows, year, kind))}</div></section>
      <section aria-labelledby="audiences"><h2 id="audiences">${t("centre_audiences")}</h2>${totalsTemplate(this.#audiences, "audience", tableOf("centre_audiences"), link("audience"))}</section>
      <section aria-labelledby="trades"><h2 id="trades">${t("centre_trades")}</h2>${totalsTemplate(this.#paths, "path", tableOf("centre_trades"), link("path"))}</section>
      <section aria-labelledby="rooms"><h2 id="rooms">${t("centre_rooms")}</h2>${rooms.length ? this.#roomsTemplate(rooms) : html`<p class="notice">${t("centre_rooms_none")}</p>`}</section>
      <section aria-labelledby="trainers"><h2 id="trainers">${t("centre_trainers")}</h2>${this.#trainersTemplate(trainers)}</section>
      <section aria-labelledby="presence"><h2 id="presence">${t("centre_presence")}</h2>${this.#presenceTemplate()}</section>
      <section aria-labelledby="goals"><h2 id="goals">${t("centre_goals")}</h2>${this.#goalsForm(goals)}</section>
      <section aria-labelledby="screen"><h2 id="screen">${t("centre_screen")}</h2>${this.#screenTemplate(goals)}</section>`;
  }

  /** How far the year is, one line for each goal; of a month, the twelfth of it. */
  #goalsTemplate() {
    const { goals, rooms } = this.#use;
    const { month } = this.#asked;
    const { whole } = this.#audiences;
    const goal = (value) => (month ? value / 12 : value);
    const area = rooms.reduce((sum, room) => sum + room.area, 0);
    const used = rooms.reduce((sum, room) => sum + room.area * part(room.used, room.open), 0);
    const lines = [
      { name: t("totals_people"), value: whole.people, all: goal(goals.learners), text: number },
      ...KINDS.map((kind) => ({
        name: t(`hours_${kind.replace("-", "_")}`),
        value: whole.minutes[kind] ?? 0,
        all: goal(goals[kind.replace("-", "_")] * 60),
        text: timeText,
        goal: (minutes) => t("centre_hours", { count: number(Math.round(minutes / 60)) }),
      })),
      {
        name: t("centre_area_used"),
        value: used,
        all: goals.area || area,
        text: (square) => `${number(Math.round(square))}\u00a0m²`,
      },
    ];
    return html`<ul class="goal-list">${lines.map(
      ({ name, value, all, text, goal: goalText = text }) =>
        html`<li><span class="goal-name">${name}</span> <b>${text(value)}</b> <span class="hint">${all ? t("centre_of", { all: goalText(all), share: share(part(value, all), locale) }) : t("centre_no_goal")}</span>${all ? html`<meter min="0" max=${all} value=${Math.min(value, all)} aria-hidden="true"></meter>` : nothing}</li>`,
    )}</ul>`;
  }

  #meter(some, all) {
    return html`${t("centre_some_of", { some: number(some), all: number(all), share: share(part(some, all), locale) })}<meter min="0" max=${all || 1} value=${some} aria-hidden="true"></meter>`;
  }

  #roomsTemplate(rooms) {
    return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${tableOf("centre_rooms")}><table class="data totals"><thead><tr><th scope="col">${t("by_room")}</th><th scope="col">${t("centre_zone")}</th><th scope="col">${t("centre_area")}</th><th scope="col">${t("centre_half_days")}</th><th scope="col">${t("centre_seats")}</th></tr></thead>
      <tbody>${rooms.map((room) => html`<tr><th scope="row">${room.name}</th><td data-label=${t("centre_zone")}>${t(zoneKey(room.zone))}</td><td data-label=${t("centre_area")}>${room.area ? `${number(room.area)}\u00a0m²` : "–"}</td><td data-label=${t("centre_half_days")}>${this.#meter(room.used, room.open)}</td><td data-label=${t("centre_seats")}>${room.seats ? this.#meter(room.taken, room.seats) : "–"}</td></tr>`)}</tbody></table></div>
      <p class="hint">${t("centre_rooms_hint")}</p>`;
  }

  #trainersTemplate(trainers) {
    if (!trainers.length) return html`<p class="notice">${t("centre_trainers_none")}</p>`;
    return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${tableOf("centre_trainers")}><table class="data totals"><thead><tr><th scope="col">${t("by_trainer")}</th><th scope="col">${t("centre_half_days")}</th></tr></thead>
      <tbody>${trainers.map((one) => html`<tr><th scope="row">${one.name}</th><td data-label=${t("centre_half_days")}>${this.#meter(one.used, one.open)}</td></tr>`)}</tbody></table></div>`;
  }

  #presenceTemplate() {
    const { came, absent, excused } = this.#use;
    if (!came && !absent) return html`<p>${t("centre_presence_none")}</p>`;
    return html`<p class="facts"><span>${t("centre_came", { count: number(came) })}</span><span>${t("centre_absent", { count: number(absent), share: share(part(absent, came + absent), locale) })}</span><span>${t("centre_excused", { count: number(excused) })}</span></p>`;
  }

  #goalsForm(goals) {
    const names = ["learners", "on_site", "live_remote", "self_paced", "area"];
    return html`<p class="hint">${t("centre_goals_hint")}</p>
      <form @submit=${async (event) => {
        event.preventDefault();
        const data = new FormData(event.target);
        const body = Object.fromEntries(names.map((name) => [name, Number(data.get(name))]));
        await this.act(
          "/capacity/goals",
          { ...body, screen_names: data.has("screen_names") },
          { done: t("saved"), after: () => this.load() },
        );
      }}><fieldset class="numbers"><legend class="visually-hidden">${t("centre_goals")}</legend>${names.map((name) => html`<label>${t(`goal_${name}`)}<input type="number" name=${name} min="0" max="10000000" required .defaultValue=${String(goals[name])} /></label>`)}</fieldset>
      <label class="check"><input type="checkbox" name="screen_names" .defaultChecked=${goals.screen_names} /> ${t("goal_screen_names")}</label>
      <p class="actions"><button type="submit" class="button small" ?disabled=${this.busy}>${t("save")}</button></p></form>`;
  }

  #screenTemplate({ screen }) {
    return html`<p class="hint">${t("centre_screen_hint")}</p>
      ${screen ? html`<p><a href=${screen}>${t("centre_screen_open")}</a><br /><code class="digest">${screen}</code></p>` : nothing}
      <p class="actions"><button type="button" class="button small ${screen ? "quiet" : ""}" ?disabled=${this.busy} @click=${() => this.act("/capacity/screen", {}, { done: t("saved"), after: () => this.load() })}>${t(screen ? "centre_screen_renew" : "centre_screen_make")}</button></p>`;
  }

  #outcomesTemplate() {
    return html`<p>${t("outcomes_intro")}</p>${this.#outcomes.map((one) => this.#stageTemplate(one))}`;
  }

  #stageTemplate(one) {
    const id = `stage-${one.stage}`;
    const rows = [
      ["placed", one.placed],
      ["not_placed", one.answered - one.placed],
      ["unanswered", one.unanswered],
      ["not_agreed", one.not_agreed],
      ["early", one.early],
    ];
    return html`<section aria-labelledby=${id}><h2 id=${id}>${t(`stage_${one.stage.replace("-", "_")}`)}</h2>
      ${
        one.base
          ? html`<p class="notice">${one.answered ? t("outcomes_rate", { share: share(part(one.placed, one.answered), locale), placed: number(one.placed), answered: number(one.answered), base: number(one.base), missing: number(one.base - one.answered) }) : t("outcomes_nobody", { base: number(one.base) })}</p>
        <div class="table-wrap" tabindex="0" role="region" aria-label=${tableOf(`stage_${one.stage.replace("-", "_")}`)}><table class="data totals"><tbody>${rows.map(([name, count]) => html`<tr><th scope="row">${t(`outcomes_${name}`)}</th><td>${this.#meter(count, one.base)}</td></tr>`)}</tbody></table></div>
        ${Object.keys(one.working).length ? html`<ul>${Object.entries(one.working).map(([name, count]) => html`<li>${t(`working_${name.replace("-", "_")}`)}: ${number(count)}</li>`)}</ul>` : nothing}
        ${one.words.length ? html`<h3>${t("outcomes_words")}</h3><ul>${one.words.map((words) => html`<li><q>${words}</q></li>`)}</ul>` : nothing}`
          : html`<p class="notice">${t("outcomes_none")}</p>`
      }</section>`;
  }
}

customElements.define("air-centre", AirCentre);
