// A learner's day: the way in, the door pass, questions, and what is signed (?event=ID).
import "./events-texts.js";
import { html, nothing, svg } from "lit/html.js";
import { dateAndTime, percent, share } from "../lib/format.js";
import { halfDay } from "../lib/halfdays.js";
import { keepDay } from "../lib/kept.js";
import { lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { calendarsTemplate, loadCalendars } from "./calendars.js";
import { confirm, secretTemplate } from "./confirming.js";
import { photoOf } from "./event-photos.js";
import { eventErrorText } from "./events-texts.js";
import { pageOf, placed } from "./lesson-html.js";
import { needsTemplate } from "./readiness-texts.js";
import { api, storage } from "./server.js";

const BEAT = 60_000;

class AirEvent extends AppPage {
  title = t("page_event");
  #event = null;
  #mine = null;
  #passes = null;
  #offset = 0;
  #live = null;
  #tag = null;
  #calendars = [];
  #timers = [];
  #joined = false;

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#next);
  }

  get #id() {
    return this.query.get("event") ?? "";
  }

  get #key() {
    return `airlock:event:${this.#id}`;
  }

  /** Without a connection, what was loaded before is shown: the pass above all. */
  async refresh(options) {
    if (!this.person) {
      try {
        this.person = (await api.me()).person;
      } catch (error) {
        const kept = error.passing ? this.#kept() : null;
        if (kept) {
          Object.assign(this, { person: kept.person });
          this.#event = kept.event;
          this.#mine = kept.mine;
          this.#passes = kept.passes;
          this.#offset = kept.offset;
          this.#tick();
          return this.update();
        }
      }
    }
    return super.refresh(options);
  }

  #kept() {
    try {
      const kept = JSON.parse(storage?.getItem(this.#key) ?? "null");
      return kept?.person.id === api.lastPerson ? kept : null;
    } catch {
      return null;
    }
  }

  async load() {
    const id = this.#id;
    for (const past of ["", "&past=true"]) {
      this.#event = (await api.get(`/events?lang=${lang}${past}`)).events.find((line) => line.id === id) ?? null;
      if (this.#event) break;
    }
    if (!this.#event) return;
    this.#mine = await api.get(`/events/${id}/mine`);
    this.#calendars = await loadCalendars();
    if (this.#event.mine === "booked" && !this.#event.cancelled_at) {
      if (this.#event.kind === "practical") {
        this.#passes = await api.get(`/events/${id}/passes`);
        this.#offset = Date.parse(this.#passes.now) - Date.now();
      }
      this.#tick();
      if (this.#isOn) await this.#ask();
    }
    try {
      if (storage)
        keepDay(storage, this.#id, {
          event: this.#event,
          person: this.person,
          mine: this.#mine,
          passes: this.#passes,
          offset: this.#offset,
        });
    } catch {
      // Without storage it works as long as there is a connection.
    }
  }

  get #now() {
    return Date.now() + this.#offset;
  }

  /** Whether it is the time of the event, an hour before it included. */
  get #isOn() {
    return this.#event.half_days.some(
      (half) => Date.parse(half.begins) - 3_600_000 <= this.#now && this.#now <= Date.parse(half.ends) + 3_600_000,
    );
  }

  #tick() {
    if (!this.#timers.length) this.#timers.push(setInterval(() => this.update(), 10_000));
  }

  draw() {
    const event = this.#event;
    if (!event)
      return html`<h1 tabindex="-1">${this.title}</h1><p class="notice">${t("event_unknown")}</p><p><a class="button" href=${this.getAttribute("learning")}>${t("page_learning")}</a></p>`;
    const over = Date.parse(event.half_days.at(-1).ends) < this.#now;
    return html`<p class="crumbs"><a href=${this.getAttribute("learning")}>← ${t("page_learning")}</a></p>
      <h1 tabindex="-1">${event.titles.join(", ")}</h1>
      ${this.messageTemplate()}
      <dl class="event-facts"><dt>${t("event_when")}</dt><dd>${event.half_days.map((half) => html`${halfDay(half, locale, event.timezone)}<br />`)}</dd>
        <dt>${t("event_where")}</dt><dd>${event.room || t("events_online")}${event.directions ? html`<br /><small>${event.directions}</small>` : nothing}</dd>
        <dt>${t("events_trainer")}</dt><dd>${event.trainers.join(", ")}</dd></dl>
      ${event.cancelled_at ? html`<p class="alert">${t("events_cancelled_why", { why: event.cancelled_why })}</p>` : nothing}
      ${event.note ? html`<p class="note-text">${event.note}</p>` : nothing}
      ${event.mine !== "booked" ? html`<p class="notice">${t("event_no_place")}</p>` : nothing}
      ${this.#passes && !over && event.mine === "booked" && this.#isOn ? this.#passTemplate() : nothing}
      ${over || event.cancelled_at || event.mine !== "booked" ? nothing : this.#mockTemplate()}
      ${this.#passes && !over && event.mine === "booked" && !this.#isOn ? this.#passTemplate() : nothing}
      ${event.opens_at && !over && event.mine === "booked" ? this.#joinTemplate() : nothing}
      ${this.#live?.id ? this.#liveTemplate() : nothing}
      ${this.#mine ? this.#signTemplate() : nothing}
      ${
        over || event.cancelled_at
          ? nothing
          : html`<section class="panel"><h2>${t("calendars")}</h2>${calendarsTemplate(
              this,
              this.#calendars,
              [{ of: "mine", target: null, text: t("calendar_mine") }],
              async () => {
                this.#calendars = await loadCalendars();
              },
            )}</section>`
      }`;
  }

  /** What the door will ask, to be tried the evening before; also without a connection. */
  #mockTemplate() {
    const event = this.#event;
    const url = (id) => pageOf(this, id);
    const done = (text) => html`<li class="mock-done"><span class="tick" aria-hidden="true"></span> ${text}</li>`;
    const bring = event.bring.map(
      (line) =>
        html`<li><label class="check"><input type="checkbox" .checked=${this.#packed.has(line)} @change=${(change) => this.#pack(line, change.target.checked)} /> ${line}</label></li>`,
    );
    const left = event.missing.length + event.bring.filter((line) => !this.#packed.has(line)).length;
    return html`<section class="panel mock"><h2>${t("mock_title")}</h2><p class="hint">${t("mock_intro")}</p>
      <p role="status"><span class="chip ${left ? "chip-late" : "chip-done"}">${left ? t("mock_some", { count: left }) : t("mock_all")}</span></p>
      ${event.missing.length ? html`<h3>${t("event_missing")}</h3>${needsTemplate(event.missing, url)}` : nothing}
      <ul class="mock-list">${event.missing.length ? nothing : done(t("mock_ready"))}
        ${done(t("mock_place", { place: event.room || t("events_online"), when: halfDay(event.half_days[0], locale, event.timezone) }))}
        ${event.kind === "practical" ? (this.#passes ? done(t("mock_pass")) : html`<li>${t("mock_no_pass")}</li>`) : nothing}</ul>
      ${bring.length ? html`<h3>${t("event_bring")}</h3><ul class="mock-list">${bring}</ul>` : nothing}</section>`;
  }

  /** What is packed is remembered on this device, for this event. */
  get #packed() {
    try {
      return new Set(JSON.parse(storage?.getItem(`${this.#key}:packed`) ?? "[]"));
    } catch {
      return new Set();
    }
  }

  #pack(line, packed) {
    const found = this.#packed;
    if (packed) found.add(line);
    else found.delete(line);
    try {
      storage?.setItem(`${this.#key}:packed`, JSON.stringify([...found]));
    } catch {
      // Without storage the boxes are ticked until the page is left.
    }
    this.update();
  }

  #passTemplate() {
    const now = this.#passes.passes.find(
      (one) => Date.parse(one.begins) <= this.#now && this.#now < Date.parse(one.ends),
    );
    if (!now) return html`<section class="panel"><h2>${t("pass")}</h2><p>${t("pass_later")}</p></section>`;
    const size = now.rows.length;
    const path = now.rows
      .flatMap((row, y) => [...row].map((bit, x) => (bit === "1" ? `M${x} ${y}h1v1h-1z` : "")))
      .join("");
    return html`<section class="panel pass"><h2>${t("pass")}</h2>
      ${svg`<svg viewBox="-4 -4 ${size + 8} ${size + 8}" role="img" aria-label=${t("pass_code")} shape-rendering="crispEdges"><rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff"/><path d=${path} fill="#000"/></svg>`}
      <p class="pass-name"><b>${this.#passes.name}</b></p><p class="hint">${t("pass_hint", { time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(now.ends)) })}</p></section>`;
  }

  #joinTemplate() {
    const event = this.#event;
    const open = Date.parse(event.opens_at) <= this.#now;
    return html`<section class="panel"><h2>${t("join")}</h2>${
      event.link
        ? html`<p><a class="button" href=${event.link} target="_blank" rel="noopener noreferrer" @click=${() => this.#beat()}>${t("join_now")}</a></p><p class="hint">${t("join_stay")}</p>`
        : open
          ? html`<p><button type="button" class="button" @click=${() => this.refresh()}>${t("join_open")}</button></p>`
          : html`<p>${t("join_later", { when: dateAndTime(event.opens_at, locale, event.timezone) })}</p>`
    }</section>`;
  }

  /** From now on this page says that it is open. */
  #beat() {
    if (this.#joined) return;
    this.#joined = true;
    const say = () => api.post(`/events/${this.#event.id}/beat`, {}, { key: crypto.randomUUID() }).catch(() => {});
    say();
    this.#timers.push(setInterval(say, BEAT));
  }

  #next = 0;

  /** Looks for a question; the server says after how many seconds to look again. */
  async #ask() {
    clearTimeout(this.#next);
    let wait = 8;
    try {
      const found = await api.getChanged(`/events/${this.#event.id}/live?lang=${lang}`, this.#tag);
      if (found) {
        this.#live = found.data;
        this.#tag = found.etag;
      }
      wait = this.#live?.again_in ?? wait;
    } catch {
      // The next look may find the connection again.
    }
    if (this.isConnected) {
      // Phones that began together drift apart.
      this.#next = setTimeout(() => this.#ask().then(() => this.update()), wait * 1000 * (0.9 + 0.2 * Math.random()));
    }
  }

  #liveTemplate() {
    const now = this.#live;
    const answer = (option) =>
      this.act(
        `/events/${this.#event.id}/live/${now.id}/answer`,
        { option },
        {
          after: () => {
            this.#live = { ...now, mine: option };
          },
          failed: (error) => {
            this.message = { text: eventErrorText(error), good: false };
          },
        },
      );
    return html`<section class="panel live"><h2>${t("live_now")}</h2><fieldset><legend class="live-question">${placed(now.stem, now.module_id)}</legend>
      ${now.options.map((option) => {
        const counts = now.counts.at(-1) ?? {};
        const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return html`<label class="check live-choice"><input type="radio" name="live" value=${option.id} .checked=${now.mine === option.id} ?disabled=${!now.open || this.busy} @change=${() => answer(option.id)} /> <span>${placed(option.html, now.module_id)}</span>${now.shown && all ? html` <small>${share((counts[option.id] ?? 0) / all, locale)}</small>` : nothing}</label>`;
      })}</fieldset>
      <p class="hint" role="status">${t(now.open ? (now.mine ? "live_taken" : "live_choose_one") : "live_is_closed")}${now.round > 1 ? ` ${t("live_second")}` : ""}</p>
      ${now.gain === null ? nothing : html`<p>${t(now.gain >= 0 ? "live_gain" : "live_loss", { percent: Math.abs(percent(now.gain)) })}</p>`}</section>`;
  }

  #signTemplate() {
    const event = this.#event;
    const begun = event.half_days.filter((half) => Date.parse(half.begins) <= this.#now);
    if (event.mine !== "booked" || !begun.length) return nothing;
    return html`<section class="panel"><h2>${t("presence")}</h2>${begun.map((half) => {
      const signed = this.#mine.signed[half.number];
      return html`<h3>${halfDay(half, locale, event.timezone)}</h3>${this.#mine.attendance[half.number] ? html`<p>${t("presence_recorded", { state: t(`presence_${this.#mine.attendance[half.number]}`) })}</p>` : nothing}
        ${
          signed
            ? html`<p><span class="chip chip-done">${t("presence_signed", { times: signed })}</span></p>`
            : html`<form class="stack" @submit=${(submit) => this.#presence(submit, half)}>
        <p>${t("presence_ask")}</p><div class="half-day"><label>${t("presence_from")}<input type="time" name="begins" required .defaultValue=${half.begins_at.slice(11)} /></label><label>${t("presence_until")}<input type="time" name="ends" required .defaultValue=${this.#untilNow(half)} /></label></div>
        <label>${t("sign_name")}<input name="name" required autocomplete="name" placeholder=${this.person.name} /></label>${secretTemplate(this)}<p class="actions"><button type="submit" class="button" ?disabled=${this.busy}>${t("presence_sign")}</button></p></form>`
        }`;
    })}</section>
    ${this.#mine.sign_offs.length ? html`<section class="panel"><h2>${t("event_signed")}</h2>${this.#mine.sign_offs.map((one, place, all) => this.#signOffTemplate(one, !all.slice(place + 1).some((later) => later.module_id === one.module_id)))}</section>` : nothing}`;
  }

  /** Nobody was there later than now. */
  #untilNow(half) {
    if (Date.parse(half.ends) <= this.#now) return half.ends_at.slice(11);
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.#event.timezone };
    return new Intl.DateTimeFormat("en-GB", clock).format(this.#now);
  }

  #photosTemplate(signed) {
    const mine = this.#mine.photos.filter((one) => one.module_id === signed.module_id);
    if (!mine.length) return nothing;
    return html`<p class="photos">${mine.map((one) => html`<img src=${photoOf(this.#event, one)} alt=${t("photo_own", { line: signed.lines[one.line] ?? "" })} loading="lazy" />`)}</p>`;
  }

  async #presence(submit, half) {
    submit.preventDefault();
    const data = new FormData(submit.target);
    const confirmation = await confirm(this, data.get("password"));
    if (!confirmation) return;
    const [first, last] = [half.begins_at.slice(0, 10), half.ends_at.slice(0, 10)];
    this.act(
      `/events/${this.#event.id}/half-days/${half.number}/presence`,
      {
        signed_as: data.get("name"),
        confirmation,
        begins: `${first}T${data.get("begins")}`,
        ends: `${last}T${data.get("ends")}`,
      },
      {
        done: t("presence_thanks"),
        after: () => this.load(),
        failed: (error) => {
          this.message = { text: eventErrorText(error), good: false };
        },
      },
    );
  }

  #signOffTemplate(one, newest) {
    const counter = async (submit) => {
      submit.preventDefault();
      const data = new FormData(submit.target);
      const confirmation = await confirm(this, data.get("password"));
      if (!confirmation) return;
      this.act(
        `/sign-offs/${one.id}/counter-signature`,
        { signed_as: data.get("name"), confirmation },
        {
          done: t("sign_done"),
          after: () => this.load(),
          failed: (error) => {
            this.message = { text: eventErrorText(error), good: false };
          },
        },
      );
    };
    return html`<p><span class="chip ${one.passed ? "chip-passed" : "chip-failed"}">${t(one.passed ? "sign_passed" : "sign_failed")}</span> ${t("sign_by", { name: one.signed_as, when: dateAndTime(one.at, locale) })}</p>
      ${one.lines.length ? html`<details class="fold"><summary>${t("sign_lines")}</summary><ol class="criteria">${one.lines.map((line, place) => html`<li><span>${line}${one.remarks[place] ? html`<br /><em>${one.remarks[place]}</em>` : nothing}</span>${one.criteria[place] === "ticked" ? nothing : html` <span class="chip">${t(`criterion_${one.criteria[place]}`)}</span>`}</li>`)}</ol></details>` : nothing}
      ${this.#photosTemplate(one)}
      ${one.remarks.some(Boolean) ? html`<ul>${one.remarks.filter(Boolean).map((remark) => html`<li>${remark}</li>`)}</ul>` : nothing}
      ${one.counter_signed_at ? html`<p class="hint">${t("sign_counter_signed", { when: dateAndTime(one.counter_signed_at, locale) })}</p>` : newest && one.wanted ? html`<form class="inline-form" @submit=${counter}><label>${t("sign_counter_ask")}<input name="name" required autocomplete="name" placeholder=${this.person.name} /></label> ${secretTemplate(this)} <button type="submit" class="button small" ?disabled=${this.busy}>${t("sign_counter_sign")}</button></form>` : nothing}`;
  }
}

customElements.define("air-event", AirEvent);
