// The form of an event: to plan one, to copy one, to change one.
import { html, nothing } from "lit/html.js";
import { inDays } from "../lib/format.js";
import { addDays } from "../lib/halfdays.js";
import { lang, languages, t } from "../lib/texts.js";
import { eventErrorText } from "./events-texts.js";
import { api } from "./server.js";

/** Shifts what an input of date and time holds: "2026-11-27T09:00" and 1 is the next day. */
function shift(clock, days) {
  return `${addDays(clock.slice(0, 10), days)}${clock.slice(10)}`;
}

export class PlanView {
  #page;
  #event = null;
  #copied = null;
  #courses = [];
  #rooms = [];
  #trainers = [];
  #zone = "";
  #classes = [];
  #halves = [];
  #kind = "practical";

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load(event) {
    if (this.#courses.length && (event?.id ?? "") === (this.#event?.id ?? "")) return;
    const [courses, rooms, trainers, classes] = await Promise.all([
      api.get(`/courses?lang=${lang}`),
      api.get("/rooms"),
      api.get("/trainers"),
      api.get("/classes"),
    ]);
    this.#courses = courses.courses;
    this.#rooms = rooms.rooms;
    this.#trainers = trainers.trainers;
    this.#zone = trainers.timezone;
    this.#classes = classes.classes.filter((line) => !line.archived_at);
    this.#event = event;
    const copy = this.#page.query.get("copy");
    this.#copied = copy && !event ? await api.get(`/events/${copy}?lang=${lang}`) : null;
    const from = this.#from;
    const week = this.#copied ? 7 : 0;
    this.#halves = from
      ? from.half_days.map((half) => ({ begins: shift(half.begins_at, week), ends: shift(half.ends_at, week) }))
      : [{ begins: inDays(7, "09:00", this.#zone), ends: inDays(7, "12:00", this.#zone) }];
    this.#kind = from?.kind ?? (this.#offered("practical").length ? "practical" : "webinar");
  }

  /** What the form begins with. */
  get #from() {
    return this.#event ?? this.#copied;
  }

  #offered(kind) {
    return this.#courses.flatMap((course) =>
      course.modules.filter((module) => module.kind === kind).map((module) => ({ ...module, course: course.title })),
    );
  }

  draw() {
    const from = this.#from;
    const remote = this.#kind === "webinar";
    const modules = this.#offered(this.#kind);
    const chosen = from?.module_ids ?? modules.slice(0, 1).map((module) => module.id);
    const leading =
      from?.trainer_ids ??
      (this.#trainers.some((one) => one.id === this.#page.person.id) ? [this.#page.person.id] : []);
    const check = (name, value, text, checked, small = "") =>
      html`<label class="check"><input type="checkbox" name=${name} value=${value} .defaultChecked=${checked} /> ${text} ${small ? html`<small>${small}</small>` : nothing}</label>`;
    return html`<form class="stack assign" @submit=${this.#send}>
      ${
        this.#event
          ? nothing
          : html`<fieldset><legend>${t("plan_kind")}</legend>${["practical", "webinar"].map(
              (kind) =>
                html`<label class="check"><input type="radio" name="kind" value=${kind} .checked=${kind === this.#kind} @change=${() => {
                  this.#kind = kind;
                  this.#page.update();
                }} /> ${t(`kind_${kind}`)}</label>`,
            )}</fieldset>`
      }
      <fieldset><legend>${t("plan_modules")}</legend>${modules.length ? modules.map((module) => check("module", module.id, module.title, chosen.includes(module.id), module.course)) : html`<p class="hint">${t("plan_no_modules")}</p>`}</fieldset>
      <fieldset><legend>${t("plan_half_days")}</legend>${this.#halves.map((half, place) => this.#halfTemplate(half, place))}
        <p class="actions"><button type="button" class="button small quiet" @click=${this.#more}>${t("plan_add_half_day")}</button></p></fieldset>
      ${remote ? nothing : html`<label>${t("events_room")}<select name="room" @change=${this.#fit}>${this.#rooms.map((room) => html`<option value=${room.id} ?selected=${from?.room_id === room.id}>${room.name} (${t(`zone_${room.zone.replaceAll("-", "_")}`)}, ${t("plan_room_places", { count: room.places })})</option>`)}</select></label>${this.#rooms.length ? nothing : html`<p class="hint">${t("plan_no_rooms")} ${this.#page.link({ view: "rooms" }, t("events_rooms"))}</p>`}`}
      <label>${t("plan_link")}<input name="link" type="url" maxlength="1000" placeholder="https://" ?required=${remote} .defaultValue=${from?.meeting ?? ""} /></label>
      ${remote ? html`<p class="hint">${t("plan_link_hint")}</p>` : nothing}
      <label>${t("plan_places")}<input name="places" type="number" min="1" max="500" required .defaultValue=${String(from?.places ?? Math.min(12, (!remote && this.#rooms[0]?.places) || 12))} /></label>
      <fieldset><legend>${t("plan_trainers")}</legend><div class="choices">${this.#trainers.map((person) => check("trainer", person.id, person.name, leading.includes(person.id)))}</div></fieldset>
      <fieldset><legend>${t("plan_whom")}</legend>
        ${check("open", "1", t("plan_open"), from ? from.open_to_all : !this.#classes.length)}
        <div class="choices">${this.#classes.map((line) => check("class", line.id, line.name, from?.class_ids.includes(line.id) ?? false))}</div></fieldset>
      <details class="fold" ?open=${Boolean(this.#event)}><summary>${t("plan_more")}</summary><div class="stack">
        <label>${t("language")}<select name="lang">${languages.map((code) => html`<option value=${code} ?selected=${code === (from?.lang ?? lang)}>${code.toUpperCase()}</option>`)}</select></label>
        <label>${t("plan_cancel_until")}<input type="datetime-local" name="cancel_until" .defaultValue=${this.#event?.cancel_until_at ?? ""} /></label>
        ${check("waiting", "1", t("plan_waiting"), from?.waiting_list ?? true)}
        ${check("ready", "1", t("plan_ready"), from?.needs_ready ?? false)}
        <label>${t("plan_note")}<textarea name="note" rows="3" maxlength="4000" .defaultValue=${from?.note ?? ""}></textarea></label>
        <label>${t("plan_zone")}<input name="timezone" maxlength="64" .defaultValue=${from?.timezone ?? this.#zone} /></label>
        ${this.#event ? nothing : html`<label>${t("plan_weeks")}<input name="weeks" type="number" min="1" max="26" .defaultValue=${"1"} /></label>`}
      </div></details>
      <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${t(this.#event ? "save" : "plan_plan")}</button></p>
      ${this.#event ? html`<p class="hint">${t("plan_told")}</p>` : nothing}
    </form>`;
  }

  #halfTemplate(half, place) {
    const set = (name) => (event) => {
      this.#halves[place] = { ...this.#halves[place], [name]: event.target.value };
    };
    const number = this.#halves.length > 1 ? ` ${place + 1}` : "";
    return html`<div class="half-day"><label>${t("plan_begins")}${number}<input type="datetime-local" required .value=${half.begins} @change=${set("begins")} /></label>
      <label>${t("plan_ends")}${number}<input type="datetime-local" required .value=${half.ends} @change=${set("ends")} /></label>
      ${
        this.#halves.length > 1
          ? html`<button type="button" class="linklike" aria-label=${t("plan_remove_half_day", { number: place + 1 })} @click=${() => {
              this.#halves = this.#halves.filter((_, other) => other !== place);
              this.#page.update();
            }}>${t("remove")}</button>`
          : nothing
      }</div>`;
  }

  /** A room that takes fewer takes as many as it can. */
  #fit = (event) => {
    const room = this.#rooms.find((one) => one.id === event.target.value);
    const places = event.target.form.elements.places;
    if (room && Number(places.value) > room.places) places.value = String(room.places);
  };

  /** After a morning comes the afternoon, and after that the next morning. */
  #more = () => {
    const { begins } = this.#halves.at(-1);
    const day = begins.slice(0, 10);
    const next =
      begins.slice(11) < "12:00"
        ? { begins: `${day}T13:00`, ends: `${day}T16:00` }
        : { begins: `${addDays(day, 1)}T09:00`, ends: `${addDays(day, 1)}T12:00` };
    this.#halves = [...this.#halves, next];
    this.#page.update();
  };

  #send = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const body = {
      modules: data.getAll("module"),
      half_days: this.#halves.map((half) => ({ begins: half.begins.slice(0, 16), ends: half.ends.slice(0, 16) })),
      trainers: data.getAll("trainer"),
      places: Number(data.get("places")),
      timezone: data.get("timezone") || this.#zone,
      lang: data.get("lang"),
      room: this.#kind === "webinar" ? null : data.get("room") || null,
      link: data.get("link") ?? "",
      note: data.get("note") ?? "",
      classes: data.getAll("class"),
      open_to_all: Boolean(data.get("open")),
      has_waiting_list: Boolean(data.get("waiting")),
      needs_ready: Boolean(data.get("ready")),
      cancel_until: data.get("cancel_until")?.slice(0, 16) || null,
    };
    if (!body.modules.length) return this.#page.tell(t("plan_wrong_modules"), false);
    if (!body.trainers.length) return this.#page.tell(t("plan_wrong_trainers"), false);
    const weeks = this.#event ? {} : { weeks: Number(data.get("weeks") || 1) };
    this.#page.act(
      this.#event ? `/events/${this.#event.id}` : "/events",
      { ...body, ...weeks },
      {
        done: t(this.#event ? "plan_changed" : "plan_planned"),
        after: async (made) => {
          history.pushState(null, "", `?event=${made.id}`);
          await this.#page.load();
        },
        failed: (error) => {
          this.#page.message = { text: eventErrorText(error), good: false };
        },
      },
    );
  };
}
