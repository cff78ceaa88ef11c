// Questions to everybody in the room: asked, answered, talked about, asked once more. No names on this screen.
import { html, nothing } from "lit/html.js";
import { percent, share } from "../lib/format.js";
import { lang, locale, t } from "../lib/texts.js";
import { placed } from "./lesson-html.js";
import { api } from "./server.js";

const AGAIN = 1500;

export class LiveView {
  #page;
  #event = null;
  #questions = null;
  #tally = null;
  #timer = 0;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  close() {
    clearTimeout(this.#timer);
  }

  async load(event) {
    this.#event = event;
    this.#questions ??= (await api.get(`/events/${event.id}/live/questions?lang=${event.lang}`)).questions;
    await this.#look();
  }

  async #look() {
    clearTimeout(this.#timer);
    try {
      this.#tally = await api.get(`/events/${this.#event.id}/live/tally?lang=${this.#event.lang}`);
    } catch {
      // The next look may find the connection again; what was shown stays.
    }
    if (this.#tally?.id && this.#page.isConnected)
      this.#timer = setTimeout(() => this.#look().then(() => this.#page.update()), AGAIN);
  }

  draw() {
    const now = this.#tally;
    return html`${now?.id ? this.#nowTemplate(now) : html`<p>${t("live_hint")}</p>`}
      <details class="fold panel no-print" ?open=${!now?.id}><summary><h2>${t("live_choose")}</h2></summary>
      ${this.#questions.length ? html`<ul class="class-list">${this.#questions.map((one) => html`<li><span class="live-stem">${placed(one.stem, one.module_id)}</span><span class="hint">${one.module}</span> <button type="button" class="button small quiet" ?disabled=${this.#page.busy} @click=${() => this.#do("", { module: one.module_id, quiz: one.quiz_id, question: one.question_id })}>${t("live_ask")}</button></li>`)}</ul>` : html`<p class="notice">${t("live_none")}</p>`}</details>`;
  }

  #nowTemplate(now) {
    return html`<section class="live" aria-label=${t("events_tab_live")} lang=${this.#event.lang}>
      <p class="live-question">${placed(now.stem, now.module_id)}</p>
      <p class="facts" role="status"><span lang=${lang}>${t("live_answered", { count: now.answered })}</span><span lang=${lang}>${t(now.open ? "live_is_open" : "live_is_closed")}</span><span lang=${lang}>${t("live_round", { number: now.round })}</span></p>
      <ul class="live-bars">${now.options.map((option) => {
        const rounds = now.counts.map((counts) => {
          const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
          return all ? (counts[option.id] ?? 0) / all : 0;
        });
        return html`<li><span class="live-option">${placed(option.html, now.module_id)}</span>${rounds.map((part, place) => html`<span class="live-bar"><meter min="0" max="1" .value=${part} aria-label=${t("live_share", { round: place + 1 })}></meter> <b>${share(part, locale)}</b></span>`)}</li>`;
      })}</ul>
      ${now.gain === null ? nothing : html`<p class="live-gain" lang=${lang}>${t(now.gain >= 0 ? "live_gain" : "live_loss", { percent: Math.abs(percent(now.gain)) })}</p>`}
      <p class="actions no-print" lang=${lang}>
        ${now.open ? html`<button type="button" class="button" @click=${() => this.#steer(now, { open: false })}>${t("live_close")}</button>` : html`<button type="button" class="button quiet" @click=${() => this.#steer(now, { open: true, shown: now.shown })}>${t("live_open")}</button>`}
        <button type="button" class="button quiet" aria-pressed=${String(now.shown)} @click=${() => this.#steer(now, { open: now.open, shown: !now.shown })}>${t(now.shown ? "live_hide" : "live_show")}</button>
        ${now.round < 2 ? html`<button type="button" class="button quiet" @click=${() => this.#steer(now, { again: true })}>${t("live_again")}</button>` : nothing}</p></section>`;
  }

  #steer(now, body) {
    return this.#do(`/${now.id}`, body);
  }

  #do(tail, body) {
    return this.#page.act(`/events/${this.#event.id}/live${tail}`, body, { after: () => this.#look() });
  }
}
