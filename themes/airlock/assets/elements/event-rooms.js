// The rooms of the centre. Administrators keep them; trainers look.
import { html, nothing } from "lit/html.js";
import { t } from "../lib/texts.js";
import { eventErrorText } from "./events-texts.js";
import { api } from "./server.js";

const ZONES = [
  "grade-a",
  "grade-b",
  "grade-c",
  "grade-d",
  "atex-0",
  "atex-1",
  "atex-2",
  "atex-20",
  "atex-21",
  "atex-22",
  "laboratory",
  "hall",
  "meeting",
];

export class RoomsView {
  #page;
  #rooms = [];
  #edited = null;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  async load() {
    this.#rooms = (await api.get("/rooms")).rooms;
  }

  draw() {
    const keeps = this.#page.person.role === "admin";
    return html`${
      this.#rooms.length
        ? html`<ul class="class-list">${this.#rooms.map(
            (room) =>
              html`<li>${
                this.#edited === room.id
                  ? this.#formTemplate(room)
                  : html`<b>${room.name}</b><span class="facts"><span>${t(zoneKey(room.zone))}</span><span>${t("plan_room_places", { count: room.places })}</span>${room.equipment ? html`<span>${room.equipment}</span>` : nothing}${room.closed.length ? html`<span>${t("rooms_closed_on", { days: room.closed.join(", ") })}</span>` : nothing}
            ${keeps ? html`<button type="button" class="linklike" aria-label=${t("rooms_change_name", { name: room.name })} @click=${() => this.#edit(room.id)}>${t("change")}</button>` : nothing}</span>`
              }</li>`,
          )}</ul>`
        : html`<p class="notice">${t(keeps ? "rooms_none" : "rooms_none_yet")}</p>`
    }
      ${keeps && !this.#edited ? html`<details class="fold panel" ?open=${!this.#rooms.length}><summary><h2>${t("rooms_new")}</h2></summary>${this.#formTemplate(null)}</details>` : nothing}`;
  }

  #edit(id) {
    this.#edited = id;
    this.#page.update();
    this.#page.querySelector("form input")?.focus();
  }

  #formTemplate(room) {
    const send = (event) => {
      event.preventDefault();
      const form = event.target;
      const data = new FormData(form);
      const closed = data
        .get("closed")
        .split(/[\s,;]+/)
        .filter(Boolean);
      const body = {
        name: data.get("name"),
        zone: data.get("zone"),
        places: Number(data.get("places")),
        equipment: data.get("equipment"),
        directions: data.get("directions"),
        area: Number(data.get("area")),
        closed,
      };
      this.#page.act(room ? `/rooms/${room.id}` : "/rooms", body, {
        done: t("saved"),
        after: async () => {
          form.reset();
          this.#edited = null;
          await this.load();
        },
        failed: (error) => {
          this.#page.message = {
            text: error.code === "validation" && !error.problem.field ? t("rooms_wrong") : eventErrorText(error),
            good: false,
          };
        },
      });
    };
    return html`<form class="stack" @submit=${send}>
      <label>${t("rooms_name")}<input name="name" required maxlength="120" .defaultValue=${room?.name ?? ""} /></label>
      <label>${t("rooms_zone")}<select name="zone">${ZONES.map((zone) => html`<option value=${zone} ?selected=${zone === (room?.zone ?? "laboratory")}>${t(zoneKey(zone))}</option>`)}</select></label>
      <label>${t("plan_places")}<input name="places" type="number" min="1" max="500" required .defaultValue=${String(room?.places ?? 12)} /></label>
      <label>${t("rooms_equipment")}<input name="equipment" maxlength="500" .defaultValue=${room?.equipment ?? ""} /></label>
      <label>${t("rooms_directions")}<input name="directions" maxlength="500" .defaultValue=${room?.directions ?? ""} /></label>
      <label>${t("rooms_area")}<input name="area" type="number" min="0" max="100000" required .defaultValue=${String(room?.area ?? 0)} /></label>
      <label>${t("rooms_closed")}<input name="closed" pattern="(\\d{4}-\\d\\d-\\d\\d[ ,;]*)*" placeholder="2026-12-24, 2026-12-31" .defaultValue=${room?.closed.join(", ") ?? ""} /></label>
      <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${t("save")}</button>${room ? html` <button type="button" class="button quiet" @click=${() => this.#edit(null)}>${t("cancel")}</button>` : nothing}</p></form>`;
  }
}

export function zoneKey(zone) {
  return `zone_${zone.replaceAll("-", "_")}`;
}
