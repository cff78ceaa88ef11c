// The capacity simulator: what N learners of each path would need of rooms and trainers, and what runs out first.

import { html, nothing } from "lit/html.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { zoneKey } from "./event-rooms.js";
import { api } from "./server.js";

const MOST = 1000; // Percent up to which the server looks how many learners there is enough for.
const number = (value) => value.toLocaleString(locale);

export class Simulator {
  #page;
  #basis = null;
  #plan = null;
  #found = null;
  #wrong = "";

  constructor(page) {
    this.#page = page;
  }

  async load() {
    this.#basis = await api.get(`/capacity/basis?lang=${lang}`);
    const { paths, rooms, trainers, half_days, no_show } = this.#basis;
    // What was typed stays when the page is drawn again.
    this.#plan ??= {
      learners: Object.fromEntries(paths.map((path) => [path.id, path.learners])),
      rooms,
      trainers,
      half_days,
      no_show,
    };
    await this.#run();
  }

  async #run() {
    try {
      this.#found = await api.post("/capacity/simulations", { ...this.#plan, lang });
      this.#wrong = "";
    } catch (error) {
      this.#wrong = errorText(error);
    }
  }

  #send = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const { paths, rooms } = this.#basis;
    this.#plan = {
      learners: Object.fromEntries(paths.map((path) => [path.id, Number(data.get(`path ${path.id}`))])),
      rooms: Object.fromEntries(Object.keys(rooms).map((zone) => [zone, Number(data.get(`zone ${zone}`))])),
      trainers: Number(data.get("trainers")),
      half_days: Number(data.get("half_days")),
      no_show: Number(data.get("no_show")),
    };
    await this.#run();
    this.#page.update();
    this.#page.querySelector("#simulated")?.focus();
  };

  draw() {
    const { paths, rooms, seen, needs } = this.#basis;
    const plan = this.#plan;
    const field = (name, label, value, most, step = 1) =>
      html`<label>${label}<input type="number" name=${name} min="0" max=${most} step=${step} required .defaultValue=${String(value)} /></label>`;
    return html`<p>${t("simulator_intro")}</p>
      <form @submit=${this.#send}>
        <fieldset class="numbers"><legend>${t("simulator_learners")}</legend>${paths.map((path) => field(`path ${path.id}`, path.title, plan.learners[path.id], 100000))}</fieldset>
        <fieldset class="numbers"><legend>${t("simulator_there")}</legend>${Object.keys(rooms).map((zone) => field(`zone ${zone}`, t("simulator_rooms", { zone: t(zoneKey(zone)) }), plan.rooms[zone] ?? 0, 1000))}${field("trainers", t("simulator_trainers"), plan.trainers, 1000)}${field("half_days", t("simulator_half_days"), plan.half_days, 1000)}${field("no_show", t("simulator_no_show"), plan.no_show, 90, 0.1)}</fieldset>
        <p class="hint">${seen ? t("simulator_seen", { count: number(seen) }) : t("simulator_seen_none")}</p>
        <p class="actions"><button type="submit" class="button">${t("simulator_run")}</button></p></form>
      ${this.#wrong ? html`<p class="alert" role="alert">${this.#wrong}</p>` : nothing}
      ${this.#found ? this.#result(needs) : nothing}`;
  }

  #name(load) {
    return load.resource === "trainer"
      ? t("simulator_trainers")
      : t("simulator_rooms", { zone: t(zoneKey(load.zone)) });
  }

  #result(needs) {
    const { loads, takings, most, fits } = this.#found;
    const [first] = loads;
    const told = new Map(needs.map((need) => [need.id, need]));
    if (!takings.some((one) => one.learners))
      return html`<p class="notice" id="simulated" tabindex="-1">${t("simulator_nobody")}</p>`;
    return html`<section aria-labelledby="simulated"><h2 id="simulated" tabindex="-1">${t("simulator_result")}</h2>
      <p class="notice ${fits ? "notice-good" : "notice-late"}" role="status">${t(!fits ? "simulator_short" : most < MOST ? "simulator_fits" : "simulator_fits_many", { what: this.#name(first), most: number(most) })}</p>
      <div class="table-wrap" tabindex="0" role="region" aria-label=${t("simulator_loads")}><table class="data"><caption>${t("simulator_loads")}</caption><thead><tr><th scope="col">${t("simulator_what")}</th><th scope="col">${t("simulator_needed")}</th><th scope="col">${t("simulator_have")}</th><th scope="col">${t("simulator_use")}</th></tr></thead>
      <tbody>${loads.map((load) => html`<tr><th scope="row">${this.#name(load)}</th><td data-label=${t("simulator_needed")}>${number(load.needed)}</td><td data-label=${t("simulator_have")}>${number(load.there)}</td><td data-label=${t("simulator_use")}>${load.needed > load.there ? html`<span class="chip chip-late">${t("simulator_missing", { count: number(load.needed - load.there) })}</span>` : html`${number(load.there ? Math.round((100 * load.needed) / load.there) : 0)}\u00a0% <meter min="0" max="100" value=${load.there ? (100 * load.needed) / load.there : 0} aria-hidden="true"></meter>`}</td></tr>`)}</tbody></table></div>
      <div class="table-wrap" tabindex="0" role="region" aria-label=${t("simulator_takings")}><table class="data"><caption>${t("simulator_takings")}</caption><thead><tr><th scope="col">${t("simulator_module")}</th><th scope="col">${t("totals_people")}</th><th scope="col">${t("simulator_groups")}</th><th scope="col">${t("simulator_each")}</th><th scope="col">${t("centre_half_days")}</th></tr></thead>
      <tbody>${takings.map((one) => {
        const need = told.get(one.id);
        return html`<tr><th scope="row">${one.title}</th><td data-label=${t("totals_people")}>${number(one.learners)}</td><td data-label=${t("simulator_groups")}>${number(one.groups)}</td><td data-label=${t("simulator_each")}>${t("simulator_group", { places: need.places, half_days: need.half_days, trainers: need.trainers })}${need.zone ? html` · ${t(zoneKey(need.zone))}` : nothing}${need.guessed.length ? html` <span class="chip">${t("simulator_guessed")}</span>` : nothing}</td><td data-label=${t("centre_half_days")}>${number(one.half_days)}</td></tr>`;
      })}</tbody></table></div>
      <p class="hint">${t("simulator_bound")}</p></section>`;
  }
}
