// What else there is to do with an event: sheets, signatures under lists, copies, calling it off.
import { html, nothing } from "lit/html.js";
import { base64 } from "../lib/bytes.js";
import { dateAndTime } from "../lib/format.js";
import { halfDay } from "../lib/halfdays.js";
import { lang, locale, t } from "../lib/texts.js";
import { calendarsTemplate, loadCalendars } from "./calendars.js";
import { secretTemplate } from "./confirming.js";
import { eventErrorText } from "./events-texts.js";
import { api } from "./server.js";

const WIDEST = 1400;

export class MoreView {
  #page;
  #event = null;
  #calendars = [];

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load(event) {
    this.#event = event;
    this.#calendars = await loadCalendars();
  }

  draw() {
    const event = this.#event;
    return html`
      <section class="panel"><h2>${t("more_paper")}</h2><p>${t("more_paper_hint")}</p>
        <ul class="people-list">${event.half_days.map((half) => html`<li><a href="/api/v1/events/${event.id}/half-days/${half.number}/sheet.pdf?lang=${lang}" target="_blank">${t("more_sheet", { when: halfDay(half, locale, event.timezone) })}</a></li>`)}</ul>
        <label class="file">${t("more_scan")} <input type="file" accept="image/*,application/pdf" capture="environment" @change=${(change) => this.#scan(change.target)} /></label>
        ${event.files.length ? html`<ul class="people-list">${event.files.map((file) => html`<li><a href="/api/v1/events/${event.id}/files/${file.id}" download>${file.name}</a></li>`)}</ul>` : nothing}</section>
      <section class="panel"><h2>${t("more_file")}</h2><p class="actions">${["xlsx", "csv"].map((form) => html`<a class="button small quiet" href="/api/v1/events/${event.id}/exports/roster.${form}?lang=${lang}" download>${t("more_roster", { form: `.${form}` })}</a>`)}</p></section>
      <section class="panel"><h2>${t("more_lists")}</h2><p>${t("more_lists_hint")}</p>
        ${event.half_days.map((half) => this.#listTemplate(half))}</section>
      <section class="panel"><h2>${t("calendars")}</h2>${calendarsTemplate(
        this.#page,
        this.#calendars,
        this.#offered(),
        async () => {
          this.#calendars = await loadCalendars();
        },
      )}</section>
      <p class="actions">${this.#page.link({ view: "new", copy: event.id }, t("more_copy"), { className: "button quiet" })}</p>
      ${event.cancelled_at ? nothing : html`<details class="fold panel"><summary><h2>${t("more_cancel")}</h2></summary><form class="stack" @submit=${this.#cancel}><label>${t("more_cancel_why")}<input name="why" required maxlength="500" /></label><p class="hint">${t("more_cancel_hint")}</p><p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${t("more_cancel")}</button></p></form></details>`}`;
  }

  #offered() {
    const room = this.#event.room_id
      ? [{ of: "room", target: this.#event.room_id, text: t("calendar_room", { name: this.#event.room }) }]
      : [];
    return [{ of: "led", target: null, text: t("calendar_led") }, ...room];
  }

  #listTemplate(half) {
    const signed = this.#event.lists.filter((one) => one.number === half.number);
    return html`<h3>${halfDay(half, locale, this.#event.timezone)}</h3>
      ${signed.map((one) => html`<p>${t("more_signed", { name: one.signed_as, when: dateAndTime(one.at, locale), count: one.people })}</p>`)}
      <form class="inline-form" @submit=${(event) => this.#sign(event, half.number)}><label>${t("sign_name")}<input name="name" required autocomplete="off" /></label>${secretTemplate(this.#page)} <button type="submit" class="button small" ?disabled=${this.#page.busy}>${t("more_sign_list")}</button></form>`;
  }

  async #sign(event, number) {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    try {
      const { confirmation } = await api.post("/confirmations", { password: data.get("password") ?? "" });
      await this.#page.act(
        `/events/${this.#event.id}/half-days/${number}/signature`,
        { signed_as: data.get("name"), confirmation },
        {
          done: t("sign_done"),
          after: () => {
            form.reset();
            return this.#page.load();
          },
          failed: (error) => {
            this.#page.message = { text: eventErrorText(error), good: false };
          },
        },
      );
    } catch (error) {
      this.#page.tell(error.code === "sign_in_failed" ? t("sign_wrong_password") : eventErrorText(error), false);
    }
  }

  /** A photograph is made smaller first: a signature is still read on it. */
  async #scan(input) {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    try {
      const bytes = file.type.startsWith("image/") ? await smaller(file) : new Uint8Array(await file.arrayBuffer());
      if (bytes.length > 180_000) return this.#page.tell(t("file_too_large"), false);
      await this.#page.act(
        `/events/${this.#event.id}/sheets`,
        { name: file.name, file: base64(bytes) },
        {
          done: t("more_kept"),
          after: () => this.#page.load(),
          failed: (error) => {
            this.#page.message = { text: eventErrorText(error), good: false };
          },
        },
      );
    } catch {
      this.#page.tell(t("plan_wrong_file"), false);
    }
  }

  #cancel = (event) => {
    event.preventDefault();
    this.#page.act(
      `/events/${this.#event.id}/cancellation`,
      { why: new FormData(event.target).get("why") },
      {
        done: t("more_cancelled"),
        after: () => this.#page.load(),
        failed: (error) => {
          this.#page.message = { text: eventErrorText(error), good: false };
        },
      },
    );
  };
}

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.6));
  return new Uint8Array(await made.arrayBuffer());
}
