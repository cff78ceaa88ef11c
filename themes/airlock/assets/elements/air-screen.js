// The screen at the entrance (/screen/#KEY): what takes place today and where. It looks again every minute by itself.

import { html, nothing, render } from "lit/html.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import "./centre-texts.js";
import { zoneKey } from "./event-rooms.js";
import "./events-texts.js";
import { api } from "./server.js";

const AGAIN = 60_000;

class AirScreen extends HTMLElement {
  #found = null;
  #wrong = null;
  #timer = 0;

  connectedCallback() {
    this.replaceChildren();
    this.#load();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #load() {
    const key = location.hash.slice(1);
    try {
      if (!/^[0-9a-f]{40}$/.test(key)) throw Object.assign(new Error(), { code: "not_found" });
      this.#found = await api.get(`/screens/${key}?lang=${lang}`);
      this.#wrong = null;
    } catch (error) {
      this.#wrong = error;
      // An address that is no more shows nothing; without a network, what was there stays and says from when it is.
      if (error.code === "not_found") this.#found = null;
    }
    this.#draw();
    this.#timer = setTimeout(() => this.#load(), AGAIN);
  }

  #clock(iso) {
    return new Intl.DateTimeFormat(locale, {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: this.#found.timezone,
    }).format(new Date(iso));
  }

  #draw() {
    if (!this.#found) {
      const text = this.#wrong.code === "not_found" ? t("screen_gone") : errorText(this.#wrong);
      return render(html`<h1 tabindex="-1">${t("page_screen")}</h1><p class="notice" role="status">${text}</p>`, this);
    }
    const { centre, day, events, now } = this.#found;
    const date = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
    const today = date.format(new Date(`${day}T12:00Z`));
    render(
      html`<div class="screen"><p class="screen-centre">${centre}</p><h1 tabindex="-1">${lang === "fr" ? today.replace(/ 1 /, " 1er ") : today}</h1>
      ${events.length ? html`<ul class="screen-events">${events.map((one) => this.#eventTemplate(one, now))}</ul>` : html`<p class="notice">${t("screen_none")}</p>`}
      <p class="hint" role="status">${t(this.#wrong ? "screen_since" : "screen_at", { time: this.#clock(now) })}</p></div>`,
      this,
    );
  }

  #eventTemplate(one, now) {
    const state = one.ends <= now ? "over" : one.begins <= now ? "now" : "later";
    return html`<li class="screen-${state}"><p class="screen-time">${this.#clock(one.begins)}–${this.#clock(one.ends)}${state === "later" ? nothing : html` <span class="chip ${state === "now" ? "chip-done" : ""}">${t(`screen_${state}`)}</span>`}</p>
      <p class="screen-room">${one.room || t("events_online")}${one.room ? html` <span class="hint">${t(zoneKey(one.zone))}</span>` : nothing}</p>
      <div><b>${one.title}</b>${one.trainers.length ? html`<br />${one.trainers.join(", ")}` : nothing}${one.directions ? html`<br /><span class="hint">${one.directions}</span>` : nothing}${one.learners.length ? html`<p class="screen-names">${one.learners.join(" · ")}</p>` : nothing}</div></li>`;
  }
}

customElements.define("air-screen", AirScreen);
