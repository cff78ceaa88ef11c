// Dates of webinars and practicals that one has a place at or may book: on a module's page and in My learning.
import "./events-texts.js";
import { html, nothing, render } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { halfDay } from "../lib/halfdays.js";
import { lang, locale, t } from "../lib/texts.js";
import { eventErrorText } from "./events-texts.js";
import { api } from "./server.js";

class AirDates extends HTMLElement {
  #events = [];
  #dates = [];
  #person = null;
  #message = null;
  #giving = null;
  #busy = false;

  async connectedCallback() {
    this.replaceChildren();
    try {
      await this.#load();
      this.#draw();
    } catch (error) {
      // A plain web server knows no dates; the page reads all the same.
      if (error.code !== "no_server") render(html`<p class="hint">${t("dates_unreachable")}</p>`, this);
    }
  }

  get #modules() {
    return this.getAttribute("modules").split(",").filter(Boolean);
  }

  async #load() {
    this.#person = (await api.me()).person;
    const modules = this.#modules;
    if (this.#person) {
      const { events } = await api.get(`/events?lang=${lang}`);
      const wanted = (line) => !modules.length || line.module_ids.some((id) => modules.includes(id));
      this.#events = events.filter((line) => wanted(line) && (!line.cancelled_at || line.mine));
    } else if (modules.length) this.#dates = (await api.get(`/dates?modules=${modules.join(",")}`)).dates;
  }

  #draw() {
    const learner = this.#person?.role === "learner";
    const mine = this.#events.filter((line) => ["booked", "waiting"].includes(line.mine));
    const free = this.#events.filter((line) => !["booked", "waiting"].includes(line.mine) && !line.cancelled_at);
    // In My learning there is nothing to say where nothing is planned.
    if (!this.#modules.length && !mine.length && !free.length) return render(nothing, this);
    render(
      html`<h2 id=${`dates-${this.#modules[0] ?? "mine"}`}>${t(this.#modules.length ? "dates" : "dates_mine")}</h2>
        <div role=${this.#message?.good === false ? "alert" : "status"}>${this.#message ? html`<p class=${this.#message.good ? "notice notice-good" : "alert"}>${this.#message.text}</p>` : nothing}</div>
        ${mine.length || free.length || this.#dates.length ? nothing : html`<p>${t(this.#person ? "dates_none" : "dates_none_signed_out")}</p>`}
        ${mine.length ? html`<ul class="date-list">${mine.map((line) => this.#lineTemplate(line, learner))}</ul>` : nothing}
        ${free.length ? html`${mine.length ? html`<h3>${t("dates_others")}</h3>` : nothing}<ul class="date-list">${free.map((line) => this.#lineTemplate(line, learner))}</ul>` : nothing}
        ${this.#dates.length ? html`<ul class="date-list">${this.#dates.map((line) => html`<li><b>${halfDay(line.half_day, locale, line.timezone)}</b> <span class="facts"><span>${line.lang.toUpperCase()}</span><span>${placesText(line.free)}</span></span></li>`)}</ul><p><a class="button quiet" href=${`${this.getAttribute("sign-in")}?next=${encodeURIComponent(location.pathname)}`}>${t("dates_sign_in")}</a></p>` : nothing}`,
      this,
    );
  }

  #lineTemplate(line, learner) {
    const booked = line.mine === "booked";
    const title = this.#modules.length === 1 && line.titles.length === 1 ? "" : line.titles.join(", ");
    const address = `${this.getAttribute("event")}?event=${line.id}`;
    return html`<li class=${booked ? "is-mine" : ""}>
      <p class="date-when">${title ? html`<span class="date-title">${title}</span>` : nothing}<b>${line.half_days.map((half) => halfDay(half, locale, line.timezone)).join(" · ")}</b></p>
      <p class="facts"><span>${line.room || t("events_online")}</span><span>${line.trainers.join(", ")}</span><span>${line.lang.toUpperCase()}</span>${line.mine || line.cancelled_at ? nothing : html`<span>${placesText(line.free)}</span>`}</p>
      ${line.cancelled_at ? html`<p class="alert">${t("events_cancelled_why", { why: line.cancelled_why })}</p>` : nothing}
      ${booked ? html`<p><span class="chip chip-done">${t("dates_booked")}</span> <a href=${address}>${t("dates_open")}</a></p>` : line.mine === "waiting" ? html`<p><span class="chip">${t("dates_waiting")}</span></p>` : nothing}
      ${booked && line.missing.length ? html`<p class="hint">${t("dates_missing", { modules: [...new Set(line.missing.map((need) => need.title))].join(", ") })}</p>` : nothing}
      ${learner && !line.cancelled_at ? this.#actsTemplate(line) : nothing}</li>`;
  }

  #actsTemplate(line) {
    if (["booked", "waiting"].includes(line.mine)) {
      if (this.#giving !== line.id)
        return html`<p class="actions"><button type="button" class="linklike" @click=${() => this.#ask(line.id)}>${t(line.mine === "booked" ? "dates_return" : "dates_leave")}</button></p>`;
      const late = line.mine === "booked" && line.cancel_until && Date.parse(line.cancel_until) < Date.now();
      return html`<form class="stack" @submit=${(event) => this.#return(event, line)}>${late ? html`<p class="hint">${t("dates_late", { when: dateAndTime(line.cancel_until, locale, line.timezone) })}</p>` : nothing}<label>${t("dates_why")}<input name="why" maxlength="500" /></label>
        <p class="actions"><button type="submit" class="button small" ?disabled=${this.#busy}>${t("dates_return")}</button> <button type="button" class="button small quiet" @click=${() => this.#ask(null)}>${t("cancel")}</button></p></form>`;
    }
    if (line.needs_ready && line.missing.length)
      return html`<p class="hint">${t("dates_first", { modules: [...new Set(line.missing.map((need) => need.title))].join(", ") })}</p>`;
    if (!line.free && !line.waiting_list) return html`<p class="hint">${t("dates_full")}</p>`;
    return html`<p class="actions"><button type="button" class="button small" ?disabled=${this.#busy} @click=${() => this.#do(`/events/${line.id}/booking`, {}, line.free ? "dates_done" : "dates_done_waiting")}>${t(line.free ? "dates_book" : "dates_wait")}</button></p>`;
  }

  #ask(id) {
    this.#giving = id;
    this.#draw();
    this.querySelector("input[name=why]")?.focus();
  }

  #return(event, line) {
    event.preventDefault();
    this.#giving = null;
    return this.#do(
      `/events/${line.id}/booking/return`,
      { why: new FormData(event.target).get("why") },
      "dates_returned",
    );
  }

  async #do(path, body, done) {
    this.#busy = true;
    this.#draw();
    try {
      await api.once(path, body);
      this.#message = { text: t(done), good: true };
      await this.#load();
    } catch (error) {
      this.#message = { text: error.code === "event_full" ? t("dates_full") : eventErrorText(error), good: false };
    }
    this.#busy = false;
    this.#draw();
  }
}

function placesText(free) {
  if (!free) return t("places_none");
  return t(free === 1 ? "places_one" : "places_many", { count: free });
}

customElements.define("air-dates", AirDates);
