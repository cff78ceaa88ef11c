// A class's name, time zone and archive.
import { html } from "lit/html.js";
import { t } from "../lib/texts.js";
import { calendarsTemplate, loadCalendars } from "./calendars.js";

const NEAR = ["Europe/Brussels", "Europe/Paris", "Europe/Amsterdam", "Europe/London", "Europe/Luxembourg"];

export class SettingsView {
  #page;
  #class = null;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  #calendars = [];

  async load(group) {
    this.#class = group;
    this.#calendars = await loadCalendars();
  }

  draw() {
    const group = this.#class;
    const zones = [...new Set([group.timezone, ...NEAR])];
    return html`<form class="stack panel" @submit=${this.#save}>
        <label>${t("settings_name")}<input name="name" required maxlength="120" .value=${group.name} /></label>
        <label>${t("settings_zone")}<select name="timezone">${zones.map((zone) => html`<option ?selected=${zone === group.timezone}>${zone}</option>`)}</select></label>
        <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${t("save")}</button></p>
      </form>
      <section class="panel"><h2>${t("calendars")}</h2>${calendarsTemplate(
        this.#page,
        this.#calendars,
        [{ of: "class", target: group.id, text: t("calendar_class", { name: group.name }) }],
        async () => {
          this.#calendars = await loadCalendars();
        },
      )}</section>
      <section class="panel" aria-labelledby="archive"><h2 id="archive">${t(group.archived_at ? "settings_unarchive" : "settings_archive")}</h2>
        <p>${t(group.archived_at ? "settings_unarchive_text" : "settings_archive_text")}</p>
        <p class="actions"><button type="button" class="button quiet" ?disabled=${this.#page.busy} @click=${() => this.#archive(!group.archived_at)}>${t(group.archived_at ? "settings_unarchive" : "settings_archive")}</button></p></section>`;
  }

  #change(body, done) {
    return this.#page.act(`/classes/${this.#class.id}`, body, { done, after: () => this.#page.load() });
  }

  #save = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    this.#change({ name: data.get("name"), timezone: data.get("timezone") }, t("settings_saved"));
  };

  async #archive(archived) {
    if (!(await this.#change({ archived }, t(archived ? "settings_archived" : "settings_saved"))) || !archived) return;
    this.#page.message.undo = () => this.#archive(false);
    this.#page.update();
  }
}
