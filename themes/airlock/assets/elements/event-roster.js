// Who has a place, who is ready, who was there: recorded by hand here.
import { html, nothing } from "lit/html.js";
import { spent } from "../lib/format.js";
import { addDays, halfDay } from "../lib/halfdays.js";
import { isOne, locale, t } from "../lib/texts.js";
import { eventErrorText, textOr } from "./events-texts.js";
import { titlesOf, verdictChip } from "./readiness-texts.js";
import { api } from "./server.js";

const STATES = ["present", "absent", "excused"];

export class RosterView {
  #page;
  #event = null;
  #number = 1;
  #classes = [];
  #why = "";
  #admitting = null;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load(event) {
    this.#event = event;
    if (!this.#classes.length) this.#classes = (await api.get("/classes")).classes.filter((line) => !line.archived_at);
    if (this.#number > event.half_days.length) this.#number = 1;
  }

  get #begun() {
    // Presence can be recorded from an hour before.
    return Date.parse(this.#event.half_days[this.#number - 1].begins) - 3_600_000 <= Date.parse(this.#event.now);
  }

  draw() {
    const event = this.#event;
    const booked = event.roster.filter((line) => line.state === "booked");
    const waiting = event.roster.filter((line) => line.state === "waiting");
    const leads = this.#page.leads && !event.cancelled_at;
    return html`
      ${
        event.half_days.length > 1
          ? html`<label class="inline no-print">${t("roster_half_day")} <select @change=${(change) => {
              this.#number = Number(change.target.value);
              this.#page.update();
            }}>${event.half_days.map((half) => html`<option value=${half.number} ?selected=${half.number === this.#number}>${halfDay(half, locale, event.timezone)}</option>`)}</select></label>`
          : nothing
      }
      ${booked.length ? this.#tableTemplate(booked, leads) : html`<p class="notice">${t("roster_none")}</p>`}
      ${waiting.length ? html`<h2>${t("roster_waiting", { count: waiting.length })}</h2><ol class="people-list">${waiting.map((line) => html`<li>${line.name} <span class="hint">${line.email}</span></li>`)}</ol>` : nothing}
      ${event.cancelled_at ? nothing : this.#addTemplate(leads)}
      ${leads && event.late_returns ? html`<p class="hint">${t("roster_late", { count: event.late_returns })}</p>` : nothing}`;
  }

  #tableTemplate(booked, leads) {
    const remote = this.#event.kind === "webinar";
    const records = leads && this.#begun;
    const there = booked.filter((line) => line.attendance[this.#number] === "present").length;
    const unset = booked.filter((line) => !line.attendance[this.#number]);
    return html`<p class="facts"><span>${t(isOne(booked.length) ? "roster_one" : "roster_many", { count: booked.length })}</span><span>${t("roster_there", { count: there })}</span></p>
      ${
        records
          ? html`<p class="actions no-print">${unset.length ? html`<button type="button" class="button small" ?disabled=${this.#page.busy} @click=${() => this.#mark(unset, "present")}>${t("roster_all", { count: unset.length })}</button>` : nothing}</p>
        <label class="why no-print">${t(remote ? "roster_why_remote" : "roster_why")}<input maxlength="500" .value=${this.#why} @input=${(
          event,
        ) => {
          this.#why = event.target.value;
        }} /></label>`
          : leads
            ? html`<p class="hint">${t("roster_later")}</p>`
            : nothing
      }
      <div class="table-wrap" role="region" tabindex="0" aria-label=${t("events_tab_roster")}><table class="data"><thead><tr><th scope="col">${t("roster_name")}</th><th scope="col">${t("roster_ready")}</th><th scope="col">${t("roster_presence")}</th><th scope="col"><span class="visually-hidden">${t("roster_acts")}</span></th></tr></thead>
      <tbody>${booked.map((line) => this.#lineTemplate(line, records))}</tbody></table></div>
      ${this.#admitFormTemplate(booked)}`;
  }

  #lineTemplate(line, records) {
    const state = line.attendance[this.#number];
    const seconds = line.seconds[this.#number];
    const open = line.open_page[this.#number];
    return html`<tr><th scope="row"><span class="avatar small" data-initials=${initials(line.name)}></span> ${line.name} <small>${line.email} · ${line.lang.toUpperCase()}</small></th>
      <td data-label=${t("roster_ready")}><span>${line.known ? readyTemplate(line) : "–"}${line.active ? nothing : html` <span class="chip chip-failed">${t("roster_suspended")}</span>`}</span></td>
      <td data-label=${t("roster_presence")}><span>${records ? html`<select aria-label=${t("roster_presence_of", { name: line.name })} ?disabled=${this.#page.busy} @change=${(event) => this.#mark([line], event.target.value, event.target)}><option value="" ?selected=${!state} disabled>–</option>${STATES.map((name) => html`<option value=${name} ?selected=${state === name}>${t(`presence_${name}`)}</option>`)}</select>` : state ? t(`presence_${state}`) : "–"}
        ${seconds === null || seconds === undefined ? nothing : html`<small>${spent(seconds)}${this.#isShort(seconds) ? ` · ${t("file_too_short", { percent: this.#event.presence })}` : ""}</small>`}${line.sources[this.#number] && line.sources[this.#number] !== "hand" ? html` <small>${t(`source_${line.sources[this.#number]}`)}</small>` : nothing}
        ${open ? html`<small>${t("roster_open", { time: spent(open) })}</small>` : nothing}
        ${line.confirmed.includes(this.#number) ? html`<span class="chip chip-done">${t("roster_confirmed")}</span>` : nothing}</span></td>
      <td class="row-acts">${this.#admitTemplate(line)}${this.#event.cancelled_at ? nothing : html`<button type="button" class="linklike" aria-label=${t("roster_return_name", { name: line.name })} @click=${() => this.#return(line)}>${t("roster_return")}</button>`}</td></tr>`;
  }

  #admitTemplate(line) {
    if (!this.#page.leads || this.#event.cancelled_at) return nothing;
    if (line.admitted_until)
      return html`<button type="button" class="linklike" ?disabled=${this.#page.busy} aria-label="${t("admit_end")}: ${line.name}" @click=${() => this.#admit(line, addDays(new Date().toISOString().slice(0, 10), -1), t("admit_ended_why"), t("admit_ended"))}>${t("admit_end")}</button> `;
    if (!line.missing.length) return nothing;
    return html`<button type="button" class="linklike" aria-expanded=${this.#admitting === line.id} aria-label="${t("admit")}: ${line.name}" @click=${() => {
      this.#admitting = this.#admitting === line.id ? null : line.id;
      this.#page.update();
      this.#page.querySelector(".admit input")?.focus();
    }}>${t("admit")}</button> `;
  }

  #admitFormTemplate(booked) {
    const line = booked.find((one) => one.id === this.#admitting);
    if (!line?.missing.length) return nothing;
    const send = (event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      this.#admit(line, data.get("until"), data.get("why"), t("admit_done"));
    };
    return html`<form class="panel stack admit no-print" @submit=${send}><h2>${t("admit_for", { name: line.name })}</h2>
      <label>${t("admit_until")}<input type="date" name="until" required .defaultValue=${this.#event.half_days.at(-1).ends_at.slice(0, 10)} /></label>
      <label>${t("admit_why")}<input name="why" required maxlength="500" /></label>
      <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${t("admit")}</button> <button type="button" class="button quiet" @click=${() => {
        this.#admitting = null;
        this.#page.update();
      }}>${t("cancel")}</button></p></form>`;
  }

  /** To everything that the event stands for. */
  async #admit(line, until, reason, done) {
    const failed = (error) => {
      const field = error.problem?.field;
      this.#page.message = { text: textOr(`admit_wrong_${field}`, eventErrorText(error)), good: false };
    };
    for (const module of this.#event.module_ids) {
      const body = { person: line.id, module, until, reason };
      const last = module === this.#event.module_ids.at(-1);
      const after = async () => {
        if (!last) return;
        this.#admitting = null;
        await this.#page.load();
      };
      if (!(await this.#page.act("/admissions", body, { done: last ? done : "", after, failed }))) return;
    }
  }

  /** Whether what a file says is too little to count. */
  #isShort(seconds) {
    const half = this.#event.half_days[this.#number - 1];
    return seconds * 100_000 < this.#event.presence * (Date.parse(half.ends) - Date.parse(half.begins));
  }

  #mark(lines, state, select = null) {
    const seen = lines.map((line) => ({ person: line.id, number: this.#number, state }));
    this.#page.act(
      `/events/${this.#event.id}/attendance`,
      { seen, why: this.#why },
      {
        done: t("saved"),
        after: async () => {
          this.#why = "";
          await this.#page.load();
        },
        failed: (error) => {
          this.#page.message = {
            text: error.problem?.field === "why" ? t("roster_say_why") : eventErrorText(error),
            good: false,
          };
          if (select) select.value = lines[0].attendance[this.#number] ?? "";
        },
      },
    );
  }

  #return(line) {
    this.#page.act(
      `/events/${this.#event.id}/bookings/${line.id}/return`,
      {},
      {
        done: t("roster_returned", { name: line.name }),
        after: () => this.#page.load(),
        failed: (error) => this.#fail(error),
      },
    );
  }

  #fail(error) {
    const problem = error.problem ?? {};
    const names = (problem.people ?? [])
      .map((id) => this.#event.roster.find((line) => line.id === id)?.name)
      .filter(Boolean);
    this.#page.message = {
      text:
        error.code === "not_ready"
          ? t("roster_not_ready", {
              names: names.join(", ") || t("roster_somebody"),
              modules: (problem.modules ?? []).join(", "),
            })
          : eventErrorText(error),
      good: false,
    };
  }

  #addTemplate(leads) {
    const book = (event) => {
      event.preventDefault();
      this.#page.act(
        `/events/${this.#event.id}/bookings`,
        { class_id: new FormData(event.target).get("class") },
        { done: t("roster_booked"), after: () => this.#page.load(), failed: (error) => this.#fail(error) },
      );
    };
    const door = (event) => {
      event.preventDefault();
      const form = event.target;
      this.#page.act(
        `/events/${this.#event.id}/bookings/door`,
        { email: new FormData(form).get("email") },
        {
          done: t("roster_booked"),
          after: () => {
            form.reset();
            return this.#page.load();
          },
          failed: (error) => {
            if (error.code === "not_found") this.#page.message = { text: t("roster_nobody"), good: false };
            else this.#fail(error);
          },
        },
      );
    };
    return html`<details class="fold panel no-print" ?open=${!this.#event.roster.length}><summary><h2>${t("roster_add")}</h2></summary>
      ${this.#classes.length ? html`<form class="inline-form" @submit=${book}><label>${t("roster_class")} <select name="class">${this.#classes.map((line) => html`<option value=${line.id}>${line.name}</option>`)}</select></label> <button type="submit" class="button small" ?disabled=${this.#page.busy}>${t("roster_book_class")}</button></form>` : nothing}
      ${leads ? html`<form class="inline-form" @submit=${door}><label>${t("roster_door")} <input name="email" type="email" required /></label> <button type="submit" class="button small" ?disabled=${this.#page.busy}>${t("roster_book")}</button></form>` : nothing}</details>`;
  }
}

export function initials(name) {
  const parts = name.split(/\s+/).map((part) => part[0] ?? "");
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""].join("");
}

/** Ready, or what is missing: all of it, or the first ones. */
export function readyTemplate(line, most = 20) {
  if (!line.missing.length)
    return verdictChip({ state: line.readiness ?? "ready", admitted_until: line.admitted_until });
  const all = titlesOf(line.missing);
  const titles = all.slice(0, most);
  const more = all.length - titles.length;
  return html`${verdictChip({ state: line.readiness ?? "not-yet" })} <small>${titles.join(", ")}${more ? ` +${more}` : ""}</small>`;
}
