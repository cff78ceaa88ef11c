// The attendance file of a meeting: what it says is shown first, then written.
import { html, nothing } from "lit/html.js";
import { base64 } from "../lib/bytes.js";
import { spent } from "../lib/format.js";
import { isOne, t } from "../lib/texts.js";
import { eventErrorText, textOr } from "./events-texts.js";
import { api } from "./server.js";

const LARGEST = 180_000;
const TOOLS = { teams: "Microsoft Teams", zoom: "Zoom", bbb: "BigBlueButton", meet: "Google Meet" };

export class FileView {
  #page;
  #event = null;
  #file = null;
  #reading = null;
  #problem = "";
  #order = null;
  #matches = {};

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  load(event) {
    this.#event = event;
  }

  draw() {
    return html`<p>${t("file_hint")}</p>
      <p class="no-print"><label class="file">${t("file_choose")} <input type="file" accept=".csv,.txt,.tsv,.xlsx,text/csv,text/plain" @change=${(event) => this.#choose(event.target)} /></label></p>
      <div role="status">${this.#problem ? html`<p class="alert">${this.#problem}</p>` : nothing}${this.#reading ? this.#readingTemplate(this.#reading) : nothing}</div>
      ${this.#event.files.length ? html`<h2>${t("file_kept")}</h2><ul class="people-list">${this.#event.files.map((file) => html`<li><a href="/api/v1/events/${this.#event.id}/files/${file.id}" download>${file.name}</a></li>`)}</ul>` : nothing}`;
  }

  async #choose(input) {
    const file = input.files[0];
    if (!file) return;
    this.#reading = null;
    this.#order = null;
    this.#matches = {};
    if (file.size > LARGEST) {
      this.#problem = t("file_too_large");
      return this.#page.update();
    }
    this.#file = { name: file.name, data: base64(new Uint8Array(await file.arrayBuffer())) };
    input.value = "";
    await this.#look();
  }

  async #look() {
    try {
      this.#reading = await api.post(`/events/${this.#event.id}/attendance-file/preview`, {
        file: this.#file.data,
        order: this.#order,
      });
      this.#problem = "";
    } catch (error) {
      this.#reading = null;
      const reason = error.problem?.reason;
      this.#problem = reason
        ? textOr(`file_wrong_${reason.replaceAll("-", "_")}`, t("file_wrong_any"))
        : eventErrorText(error);
    }
    this.#page.update();
  }

  #readingTemplate(reading) {
    if (!reading.order)
      return html`<fieldset class="panel"><legend>${t("file_order")}</legend><p class="actions">${["dmy", "mdy"].map(
        (order) =>
          html`<button type="button" class="button small quiet" @click=${() => {
            this.#order = order;
            this.#look();
          }}>${t(`file_order_${order}`)}</button>`,
      )}</p></fieldset>`;
    const people = new Map(this.#event.roster.map((line) => [line.id, line]));
    const open = reading.attendees.filter((one) => !one.match && !this.#matches[one.key]).length;
    const known = reading.attendees.length - open;
    return html`<p class="facts"><span>${TOOLS[reading.tool] ?? reading.tool}</span><span>${t(isOne(known) ? "file_known_one" : "file_known", { count: known })}</span>${open ? html`<span>${t("file_open", { count: open })}</span>` : nothing}</p>
      ${reading.summed ? html`<p class="notice">${t("file_summed")}</p>` : nothing}
      <div class="table-wrap" role="region" tabindex="0" aria-label=${t("events_tab_file")}><table class="data"><thead><tr><th scope="col">${t("file_name")}</th><th scope="col">${t("file_who")}</th><th scope="col">${t("file_time")}</th></tr></thead><tbody>${reading.attendees.map((one) => this.#attendeeTemplate(one, people))}</tbody></table></div>
      ${known ? html`<p class="actions"><button type="button" class="button" ?disabled=${this.#page.busy} @click=${() => this.#import()}>${t(isOne(known) ? "file_write_one" : "file_write", { count: known })}</button></p>` : nothing}
      ${reading.unused.length ? html`<details class="fold" open><summary>${t("file_unused", { count: reading.unused.length })}</summary><ul class="people-list">${reading.unused.map((row) => html`<li>${t("file_line", { line: row.line })} ${row.names.join(", ")} <span class="hint">${textOr(`file_reason_${row.reason.replaceAll("-", "_")}`, row.reason)}</span></li>`)}</ul></details>` : nothing}`;
  }

  #attendeeTemplate(one, people) {
    const whole = this.#event.half_days.map((half) => (Date.parse(half.ends) - Date.parse(half.begins)) / 1000);
    const chosen = one.match ?? this.#matches[one.key] ?? "";
    const candidates = one.match ? [] : [...new Set([...one.candidates, ...people.keys()])];
    return html`<tr><th scope="row">${one.names.join(", ")}<small>${one.email}</small></th>
      <td data-label=${t("file_who")}><span>${
        one.match
          ? html`${people.get(one.match)?.name} <small>${t(`file_by_${one.by}`)}</small>`
          : html`<select aria-label=${t("file_who_is", { name: one.names[0] })} @change=${(event) => {
              this.#matches = { ...this.#matches, [one.key]: event.target.value };
              if (!event.target.value) delete this.#matches[one.key];
              this.#page.update();
            }}><option value="">${t("file_nobody")}</option>${candidates.map((id) => html`<option value=${id} ?selected=${chosen === id}>${people.get(id)?.name ?? id}${one.candidates.includes(id) ? ` (${t("file_maybe")})` : ""}</option>`)}</select>`
      }</span></td>
      <td data-label=${t("file_time")}><span>${one.seconds.map((seconds, place) => html`${spent(seconds)} <small>${Math.round((100 * seconds) / whole[place])} %${seconds * 100 < this.#event.presence * whole[place] ? html` ${t("file_too_short", { percent: this.#event.presence })}` : nothing}</small> `)}${one.differs ? html`<small class="row-renamed">${t("file_differs", { time: spent(one.told) })}</small>` : nothing}${one.open_end ? html`<small>${t("file_open_end")}</small>` : nothing}</span></td></tr>`;
  }

  #import() {
    this.#page.act(
      `/events/${this.#event.id}/attendance-file`,
      { file: this.#file.data, order: this.#reading.order, matches: this.#matches, name: this.#file.name },
      {
        done: ({ added }) =>
          added ? t(isOne(added) ? "file_written_one" : "file_written", { count: added }) : t("file_nothing_new"),
        after: async () => {
          this.#reading = null;
          await this.#page.load();
        },
        failed: (error) => {
          this.#page.message = { text: eventErrorText(error), good: false };
        },
      },
    );
  }
}
