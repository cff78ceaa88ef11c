// Signing off: what everybody did is ticked once, exceptions by name; signed with name and password.
import { html, nothing } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { isOne, locale, t } from "../lib/texts.js";
import { secretTemplate } from "./confirming.js";
import { photoOf, smallJpeg } from "./event-photos.js";
import { initials } from "./event-roster.js";
import { eventErrorText } from "./events-texts.js";
import { folderOf } from "./lesson-html.js";
import { api } from "./server.js";

/** What can be said of a line: done, or at which of its levels, from 1; failed; not seen. */
function statesOf(list) {
  const done = list.levels.length
    ? list.levels.map((label, place) => ({ state: "ticked", level: place + 1, label }))
    : [{ state: "ticked", level: 0, label: t("criterion_ticked") }];
  return [...done, ...["failed", "unseen"].map((state) => ({ state, level: 0, label: t(`criterion_${state}`) }))];
}

const UNSEEN = { state: "unseen", level: 0 };

export class SignView {
  #page;
  #event = null;
  #module = "";
  #common = [];
  #chosen = null;
  #exceptions = new Map();
  #problem = "";

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  load(event) {
    this.#event = event;
    if (!this.#module) this.#begin(event.checklists[0].module_id);
  }

  #begin(module) {
    this.#module = module;
    this.#common = this.#checklist.lines.map(() => UNSEEN);
    this.#exceptions = new Map();
    this.#chosen = new Set(this.#present.filter((line) => !this.#signedBy(line)).map((line) => line.id));
  }

  get #checklist() {
    return this.#event.checklists.find((one) => one.module_id === this.#module);
  }

  get #present() {
    return this.#event.roster.filter((line) => Object.values(line.attendance).includes("present"));
  }

  #signedBy(line) {
    return line.signed.find((one) => one.module_id === this.#module);
  }

  draw() {
    const list = this.#checklist;
    const present = this.#present;
    if (!present.length) return html`<p class="notice">${t("sign_nobody")}</p>`;
    return html`${
      this.#event.checklists.length > 1
        ? html`<label class="inline">${t("plan_modules")} <select @change=${(event) => {
            this.#begin(event.target.value);
            this.#page.update();
          }}>${this.#event.checklists.map((one) => html`<option value=${one.module_id}>${one.title}</option>`)}</select></label>`
        : nothing
    }
      <form class="stack sign" @submit=${this.#send}>
      <h2>${t("sign_common")}</h2>
      <p class="hint">${t("sign_common_hint")}</p>
      <p class="actions"><button type="button" class="button small quiet" @click=${this.#tickAll}>${t("sign_tick_all")}</button></p>
      <ol class="criteria">${list.lines.map(
        (text, place) =>
          html`<li>${list.pictures[place] ? html`<img class="criterion" src=${new URL(list.pictures[place], folderOf(list.module_id)).pathname} alt="" loading="lazy" />` : nothing}<span>${text}${list.critical.includes(place) ? html` <strong class="critical">${t("sign_critical")}</strong>` : nothing}${this.#leastTemplate(list, place)}</span>${this.#statesTemplate(
            `common-${place}`,
            text,
            this.#common[place],
            (said) => {
              this.#common[place] = said;
              this.#page.update();
            },
          )}</li>`,
      )}</ol>
      <h2>${t("sign_who")}</h2>
      <ul class="class-list">${present.map((line) => this.#personTemplate(line, list))}</ul>
      <fieldset><legend>${t("sign_signature")}</legend>
        <p>${t("sign_meaning", { count: this.#chosen.size })}</p>
        ${list.signatures > 1 ? html`<p class="hint">${t("sign_two")}</p>` : nothing}${list.countersigned ? html`<p class="hint">${t("sign_counter")}</p>` : nothing}
        <label>${t("sign_name")}<input name="name" required autocomplete="off" placeholder=${this.#page.person.name} /></label>
        ${secretTemplate(this.#page)}
        ${this.#problem ? html`<p class="alert" role="alert">${this.#problem}</p>` : nothing}
        <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy || !this.#chosen.size}>${t(isOne(this.#chosen.size) ? "sign_sign_one" : "sign_sign", { count: this.#chosen.size })}</button></p></fieldset></form>`;
  }

  #statesTemplate(name, label, value, change) {
    return html`<span class="segments" role="radiogroup" aria-label=${label}>${statesOf(this.#checklist).map(({ state, level, label }) => html`<label class="state-${state}"><input type="radio" name=${name} value=${level || state} .checked=${value.state === state && value.level === level} @change=${() => change({ state, level })} /> ${label}</label>`)}</span>`;
  }

  /** From which level a line counts as done, where that is not the lowest. */
  #leastTemplate(list, place) {
    const level = this.#asked(place);
    return level > 1
      ? html` <small class="hint">${t("sign_least", { level: list.levels[level - 1] })}</small>`
      : nothing;
  }

  #asked(place) {
    const list = this.#checklist;
    return list.levels.length ? (list.asked_levels[place] ?? 1) : 0;
  }

  #tickAll = () => {
    this.#common = this.#common.map((_, place) => ({ state: "ticked", level: this.#asked(place) }));
    this.#page.update();
  };

  #personTemplate(line, list) {
    const signed = this.#signedBy(line);
    const own = this.#exceptions.get(line.id) ?? new Map();
    const set = (place, more) => {
      own.set(place, {
        ...(own.get(place) ?? this.#common[place]),
        remark: own.get(place)?.remark ?? "",
        ...more,
      });
      this.#exceptions.set(line.id, own);
      this.#page.update();
    };
    return html`<li><label class="check"><input type="checkbox" .checked=${this.#chosen.has(line.id)} @change=${(
      event,
    ) => {
      if (event.target.checked) this.#chosen.add(line.id);
      else this.#chosen.delete(line.id);
      this.#page.update();
    }} /> <span class="avatar small" data-initials=${initials(line.name)}></span> <b>${line.name}</b></label>
      ${signed ? html`<span class="chip ${signed.passed ? "chip-passed" : "chip-failed"}">${t(signed.passed ? "sign_passed" : "sign_failed")}</span><span class="hint">${t("sign_by", { name: signed.signed_as, when: dateAndTime(signed.at, locale) })}</span>` : nothing}
      <details class="fold"><summary>${own.size ? t("sign_exceptions_some", { count: own.size }) : t("sign_exceptions")}</summary><ol class="criteria">${list.lines.map(
        (
          text,
          place,
        ) => html`<li><span>${text}</span>${this.#statesTemplate(`${line.id}-${place}`, `${line.name}: ${text}`, own.get(place) ?? this.#common[place], (said) => set(place, said))}
        <input class="remark" maxlength="500" aria-label=${t("sign_remark_on", { line: text, name: line.name })} placeholder=${t("sign_remark")} .value=${own.get(place)?.remark ?? ""} @change=${(event) => set(place, { remark: event.target.value })} />${this.#photosTemplate(line, place, text)}</li>`,
      )}</ol></details></li>`;
  }

  /** Photographs of what somebody did, where the centre allows them. */
  #photosTemplate(line, place, text) {
    if (!this.#event.photos_allowed) return nothing;
    const mine = this.#event.photos.filter(
      (one) => one.person_id === line.id && one.module_id === this.#module && one.line === place,
    );
    return html`${mine.map(
      (one) =>
        html`<span class="photo"><img src=${photoOf(this.#event, one)} alt=${t("photo_of", { line: text, name: line.name })} loading="lazy" /><button type="button" class="linklike" aria-label=${t("photo_remove_of", { line: text, name: line.name })} ?disabled=${this.#page.busy} @click=${() => this.#removePhoto(one)}>${t("photo_remove")}</button></span>`,
    )}
      <label class="photo-add"><span class="button small quiet">${t("photo_add")}</span><input type="file" class="visually-hidden" accept="image/*" capture="environment" aria-label=${t("photo_add_of", { line: text, name: line.name })} @change=${(event) => this.#addPhoto(event.target, line, place)} /></label>`;
  }

  async #addPhoto(input, line, place) {
    const [picture] = input.files;
    if (!picture) return;
    let file;
    try {
      file = await smallJpeg(picture);
    } catch {
      this.#page.tell(t("photo_unreadable"), false);
      return;
    }
    await this.#page.act(
      `/events/${this.#event.id}/photos`,
      { module: this.#module, person: line.id, line: place, file },
      { done: t("photo_added"), after: () => this.#page.load() },
    );
    input.value = "";
  }

  #removePhoto(one) {
    return this.#page.act(
      `/events/${this.#event.id}/photos/${one.id}/removal`,
      {},
      { done: t("photo_removed"), after: () => this.#page.load() },
    );
  }

  #send = async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    let confirmation;
    try {
      ({ confirmation } = await api.post("/confirmations", { password: data.get("password") ?? "" }));
    } catch (error) {
      this.#problem = error.code === "sign_in_failed" ? t("sign_wrong_password") : eventErrorText(error);
      return this.#page.update();
    }
    this.#problem = "";
    const people = [...this.#chosen].map((person) => ({
      person,
      criteria: this.#common.map((said, place) => this.#exceptions.get(person)?.get(place) ?? { ...said, remark: "" }),
    }));
    await this.#page.act(
      `/events/${this.#event.id}/sign-offs`,
      { module: this.#module, version: this.#checklist.version, signed_as: data.get("name"), confirmation, people },
      {
        done: t("sign_done"),
        after: async () => {
          form.reset();
          await this.#page.load();
          this.#begin(this.#module);
        },
        failed: (error) => {
          this.#problem = eventErrorText(error);
        },
      },
    );
  };
}
