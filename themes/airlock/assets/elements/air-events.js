// Webinars and practicals: what comes, a calendar, and one event (?event=ID) with its day.
import "./events-texts.js";
import "./readiness-texts.js";
import { html, nothing } from "lit/html.js";
import { dayOf, halfDay, turn, weeksOf } from "../lib/halfdays.js";
import { lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { BriefingView } from "./event-briefing.js";
import { DoorView, keptDoor } from "./event-door.js";
import { FileView } from "./event-file.js";
import { LiveView } from "./event-live.js";
import { MoreView } from "./event-more.js";
import { PlanView } from "./event-plan.js";
import { RoomsView } from "./event-rooms.js";
import { RosterView } from "./event-roster.js";
import { SignView } from "./event-sign.js";
import { api } from "./server.js";

const VIEWS = {
  roster: RosterView,
  briefing: BriefingView,
  door: DoorView,
  file: FileView,
  sign: SignView,
  live: LiveView,
  change: PlanView,
  more: MoreView,
};
const ID = /^[0-9a-f-]{36}$/;

class AirEvents extends AppPage {
  title = t("page_events");
  #events = [];
  #event = null;
  #view = null;
  #name = "";
  #room = "";
  #trainer = "";

  refusal(person) {
    return person.pages.includes("events") ? "" : t("events_not_for_you");
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#view?.close?.();
  }

  /** Whether whoever is here plans and leads; teachers look and book. */
  get leads() {
    return ["trainer", "admin"].includes(this.person?.role);
  }

  get #tabs() {
    if (!this.leads) return ["roster"];
    const remote = this.#event.kind === "webinar";
    return [
      "roster",
      "briefing",
      ...(remote ? ["file"] : ["door"]),
      ...(this.#event.checklists.length ? ["sign"] : []),
      "live",
      "change",
      "more",
    ];
  }

  /** A tablet at the door goes on without a connection, with what it loaded before. */
  async refresh(options) {
    if (!this.person && this.query.get("view") === "door") {
      const kept = keptDoor(this.query.get("event"));
      try {
        this.person = (await api.me()).person;
      } catch (error) {
        if (error.passing && kept) this.person = kept.person;
      }
    }
    return super.refresh(options);
  }

  async #find(id, view) {
    try {
      return await api.get(`/events/${id}?lang=${lang}`);
    } catch (error) {
      const kept = error.passing && view === "door" ? keptDoor(id) : null;
      if (!kept) throw error;
      return { ...kept.event, kept: true };
    }
  }

  async load() {
    const id = this.query.get("event");
    const view = this.query.get("view") ?? "";
    if (id && ID.test(id)) return this.#loadEvent(id, view);
    this.#event = null;
    const made = { new: PlanView, rooms: RoomsView }[view];
    const key = made ? `${view} ${this.query.get("copy") ?? ""}` : "";
    if (this.#view?.key !== key) {
      this.#view?.close?.();
      this.#view = made ? new made(this, key) : null;
    }
    this.#name = view;
    if (this.#view) return this.#view.load(null);
    const span = ["month", "week"].includes(view) ? this.#span(view) : null;
    const query = span ? `&since=${span[0]}&until=${span[1]}` : this.query.get("past") ? "&past=true" : "";
    this.#events = (await api.get(`/events?lang=${lang}${query}`)).events;
  }

  #span(view) {
    const weeks = weeksOf(this.#day, view);
    return [weeks[0][0], weeks.at(-1)[6]];
  }

  get #day() {
    const day = this.query.get("day") ?? "";
    return /^\d{4}-\d\d-\d\d$/.test(day) ? day : new Date().toISOString().slice(0, 10);
  }

  async #loadEvent(id, view) {
    const event = await this.#find(id, view);
    this.#event = event;
    const name = this.#tabs.includes(view) ? view : "roster";
    const key = `${id} ${name}`;
    const shown = this.#view?.key === key ? this.#view : new VIEWS[name](this, key);
    await shown.load(event);
    if (shown !== this.#view) this.#view?.close?.();
    this.#view = shown;
    this.#name = name;
  }

  draw() {
    if (this.#event) return this.#eventTemplate();
    if (this.#view)
      return html`${this.#backTemplate()}<h1 tabindex="-1">${t(`events_${this.#name}`)}</h1>${this.messageTemplate()}${this.#view.draw()}`;
    return this.#listTemplate();
  }

  #backTemplate() {
    return html`<p class="crumbs no-print"><a href=${location.pathname} @click=${(event) => this.follow(event, "")}>← ${this.title}</a></p>`;
  }

  #listTemplate() {
    const grid = ["month", "week"].includes(this.#name);
    const past = Boolean(this.query.get("past"));
    const views = [
      [{}, "events_coming", !grid && !past],
      [{ view: "week", day: this.#day }, "events_week", this.#name === "week"],
      [{ view: "month", day: this.#day }, "events_month", this.#name === "month"],
      [{ past: 1 }, "events_past", past],
    ];
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${this.messageTemplate()}
      ${this.leads ? html`<p class="actions no-print">${this.link({ view: "new" }, t("events_new"), { className: "button" })} ${this.link({ view: "rooms" }, t("events_rooms"), { className: "button quiet" })}</p>` : nothing}
      <nav class="tabs no-print" aria-label=${t("events_views")}>${views.map(([query, text, current]) => this.link(query, t(text), { current }))}</nav>
      ${this.#filtersTemplate()}
      ${grid ? this.#gridTemplate() : this.#daysTemplate()}`;
  }

  /** By room and by trainer, of those that are in what is shown. */
  #filtersTemplate() {
    const rooms = [...new Set(this.#events.map((line) => line.room).filter(Boolean))].sort();
    const trainers = [...new Set(this.#events.flatMap((line) => line.trainers))].sort();
    if (rooms.length < 2 && trainers.length < 2) return nothing;
    const choose = (label, name, values, set) =>
      html`<label>${label} <select name=${name} @change=${(event) => {
        set(event.target.value);
        this.update();
      }}><option value="">${t("events_all")}</option>${values.map((value) => html`<option value=${value}>${value}</option>`)}</select></label>`;
    return html`<form class="inline-form no-print">${choose(t("events_room"), "room", rooms, (value) => {
      this.#room = value;
    })}${choose(t("events_trainer"), "trainer", trainers, (value) => {
      this.#trainer = value;
    })}</form>`;
  }

  get #shown() {
    return this.#events.filter(
      (line) => (!this.#room || line.room === this.#room) && (!this.#trainer || line.trainers.includes(this.#trainer)),
    );
  }

  #daysTemplate() {
    const shown = this.#shown;
    if (!shown.length)
      return html`<p class="notice">${t(this.query.get("past") ? "events_none_past" : this.leads ? "events_none" : "events_none_yet")}</p>`;
    const days = new Map();
    for (const line of shown) days.set(dayOf(line.half_days[0]), [...(days.get(dayOf(line.half_days[0])) ?? []), line]);
    const title = new Intl.DateTimeFormat(locale, {
      weekday: "long",
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    });
    return html`${[...days].map(([day, lines]) => html`<section class="event-day"><h2>${title.format(new Date(`${day}T12:00:00Z`))}</h2><ul class="class-list">${lines.map((line) => this.#lineTemplate(line))}</ul></section>`)}`;
  }

  #lineTemplate(line) {
    const taken = line.places - line.free;
    return html`<li>${this.link({ event: line.id }, line.titles.join(", "), { className: line.cancelled_at ? "struck" : "" })}
      <span class="facts"><span>${t(`kind_${line.kind}`)}</span><span>${line.half_days.map((half) => halfDay(half, locale, line.timezone)).join(" · ")}</span>
      <span>${line.room || t("events_online")}</span><span>${line.trainers.join(", ")}</span><span>${t("events_taken", { taken, places: line.places })}</span></span>
      ${line.cancelled_at ? html`<span class="chip chip-failed">${t("events_cancelled")}</span>` : nothing}</li>`;
  }

  #gridTemplate() {
    const view = this.#name;
    const weeks = weeksOf(this.#day, view);
    const byDay = new Map();
    for (const line of this.#shown)
      for (const half of line.half_days) byDay.set(dayOf(half), [...(byDay.get(dayOf(half)) ?? []), { line, half }]);
    const named = (options, day) =>
      new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
    const title =
      view === "month"
        ? named({ month: "long", year: "numeric" }, this.#day)
        : `${named({ day: "numeric", month: "long" }, weeks[0][0])} – ${named({ day: "numeric", month: "long", year: "numeric" }, weeks[0][6])}`;
    return html`<div class="calendar-head"><h2>${title}</h2>
        <p class="actions no-print">${this.link({ view, day: turn(this.#day, view, -1) }, "←", { label: t("events_before"), className: "button small quiet" })}
          ${this.link({ view, day: new Date().toISOString().slice(0, 10) }, t("events_today"), { className: "button small quiet" })}
          ${this.link({ view, day: turn(this.#day, view, 1) }, "→", { label: t("events_after"), className: "button small quiet" })}
          <button type="button" class="button small quiet" @click=${() => print()}>${t("events_print")}</button></p></div>
      <div class="table-wrap" role="region" tabindex="0" aria-label=${title}><table class="calendar"><thead><tr>${weeks[0].map((day) => html`<th scope="col">${named({ weekday: "short" }, day)}</th>`)}</tr></thead>
      <tbody>${weeks.map(
        (week) =>
          html`<tr>${week.map((day) => {
            const found = byDay.get(day) ?? [];
            const other = view === "month" && day.slice(0, 7) !== this.#day.slice(0, 7);
            return html`<td class=${`${other ? "other-month" : ""} ${found.length ? "" : "empty-day"}`}><time datetime=${day}>${named({ day: "numeric" }, day)}<span class="day-name"> ${named({ weekday: "long", month: "long" }, day)}</span></time>
            ${found.map(({ line, half }) => html`<p class="calendar-entry kind-${line.kind} ${line.cancelled_at ? "struck" : ""}">${this.link({ event: line.id }, html`<b>${half.begins_at.slice(11)}</b> ${line.titles.join(", ")}`)}<small>${line.room || t("events_online")}</small></p>`)}</td>`;
          })}</tr>`,
      )}</tbody></table></div>
      ${this.#shown.length ? nothing : html`<p class="notice">${t("events_none_here")}</p>`}
      <p class="hint">${t("events_calendar_hint")}</p>`;
  }

  #eventTemplate() {
    const event = this.#event;
    const places = event.room || t("events_online");
    return html`${this.#backTemplate()}
      <h1 tabindex="-1">${event.titles.join(", ")}</h1>
      <p class="facts"><span>${t(`kind_${event.kind}`)}</span><span>${event.half_days.map((half) => halfDay(half, locale, event.timezone)).join(" · ")}</span><span>${places}</span><span>${event.trainers.join(", ")}</span><span>${t("events_taken", { taken: event.places - event.free, places: event.places })}</span></p>
      ${event.cancelled_at ? html`<p class="alert">${t("events_cancelled_why", { why: event.cancelled_why })}</p>` : nothing}
      <nav class="tabs no-print" aria-label=${t("events_views")}>${this.#tabs.map((tab) => this.link({ event: event.id, view: tab }, t(`events_tab_${tab}`), { current: tab === this.#name }))}</nav>
      ${this.messageTemplate()}
      ${this.#view.draw()}`;
  }
}

customElements.define("air-events", AirEvents);
