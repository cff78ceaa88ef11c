// What the centre chooses: its name and look, its rules. Pages show name and look from the next publication on.

import { live } from "lit/directives/live.js";
import { html, nothing } from "lit/html.js";
import "./administration-texts.js";
import { dateAndTime } from "../lib/format.js";
import { locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { confirmTemplate } from "./confirming.js";
import { api } from "./server.js";

const RELEASES = ["now", "passed", "closed"];
const ROLES = ["admin", "trainer", "teacher", "learner"];
const LANGUAGES = ["fr", "nl", "en"];
const LARGEST = 60_000;
/** What is said of a field that the server refuses, by its name. */
const WRONG = {
  site_name: "settings_wrong_site_name",
  centre: "settings_wrong_site_name",
  sender: "settings_wrong_site_name",
  retention: "settings_wrong_retention",
  logo: "settings_wrong_logo",
};

class AirSettings extends AppPage {
  title = t("page_settings");
  #now = null;
  #draft = {};
  #saving = false;
  #wrong = "";
  #leaving = (event) => this.#changed && event.preventDefault();

  connectedCallback() {
    super.connectedCallback();
    addEventListener("beforeunload", this.#leaving);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("beforeunload", this.#leaving);
  }

  refusal({ pages }) {
    return pages.includes("settings") ? "" : t("admin_only");
  }

  async load() {
    this.#now = await api.get("/settings");
  }

  /** A value as it would be: what was typed, or what holds. */
  #value(name) {
    return this.#draft[name] ?? this.#now[name];
  }

  #set(name, value) {
    this.#draft[name] = value;
    this.update();
  }

  #toggle(name, one, on) {
    const chosen = this.#value(name).filter((other) => other !== one);
    this.#set(name, on ? [...chosen, one] : chosen);
  }

  async #readLogo(input) {
    const [file] = input.files;
    if (!file) return;
    if (!/^image\/(png|webp|jpeg)$/.test(file.type)) return this.tell(t("settings_logo_kind"), false);
    if (file.size > LARGEST) return this.tell(t("settings_logo_large"), false);
    const reader = new FileReader();
    reader.addEventListener("load", () => this.#set("logo", reader.result));
    reader.readAsDataURL(file);
  }

  get #changed() {
    return Object.keys(this.#draft).length > 0;
  }

  async #save(confirmation, why) {
    this.#wrong = "";
    const { retention, ...others } = this.#draft;
    const body = { ...others, ...(retention ? { retention } : {}), why, confirmation };
    await this.act("/settings", body, {
      done: t("choices_saved"),
      after: async () => {
        this.#draft = {};
        this.#saving = false;
        await this.load();
      },
      failed: ({ problem = {} }) => {
        this.#wrong = problem.field ?? Object.keys(problem.errors?.json ?? {})[0]?.split(".")[0] ?? "";
        if (WRONG[this.#wrong]) this.message = { text: t(WRONG[this.#wrong]), good: false };
      },
    });
    const wrong = this.#wrong && this.querySelector(`[data-field="${this.#wrong}"]`);
    (wrong || this.querySelector("h1")).focus();
  }

  draw() {
    const { changed_at: changed } = this.#now;
    return html`<h1 tabindex="-1">${this.title}</h1>${this.messageTemplate()}
      <p>${t("settings_intro")} ${changed ? t("settings_changed", { when: dateAndTime(changed, locale) }) : nothing}</p>
      <div class="stack settings-form">
        ${this.#nameTemplate()}${this.#lookTemplate()}${this.#placeTemplate()}${this.#learningTemplate()}${this.#photosTemplate()}${this.#signInTemplate()}${this.#keepingTemplate()}
        ${
          this.#saving
            ? html`<section class="card" aria-labelledby="settings-save"><h2 id="settings-save">${t("settings_save")}</h2>${confirmTemplate(
                this,
                {
                  label: t("settings_save"),
                  send: (confirmation, why) => this.#save(confirmation, why),
                  cancel: () => {
                    this.#saving = false;
                    this.update();
                    this.querySelector(".settings-form > .actions button").focus();
                  },
                },
              )}</section>`
            : html`<p class="actions"><button type="button" class="button" ?disabled=${!this.#changed} @click=${() => this.#ask()}>${t("settings_save")}</button>
                ${this.#changed ? html`<button type="button" class="button quiet" @click=${() => this.#undo()}>${t("settings_undo")}</button>` : nothing}</p>`
        }
      </div>`;
  }

  #ask() {
    this.#saving = true;
    this.update();
    this.querySelector('[aria-labelledby="settings-save"] input:not([hidden])').focus();
  }

  #undo() {
    this.#draft = {};
    this.update();
    this.querySelector("h1").focus();
  }

  #line(name, attributes = {}) {
    const { hint = "", placeholder = "" } = attributes;
    return html`<label>${t(`settings_${name}`)}<input name=${name} data-field=${name} maxlength="120" placeholder=${placeholder} aria-invalid=${this.#wrong === name ? "true" : nothing} aria-describedby=${hint ? `hint-${name}` : nothing}
      .value=${live(this.#value(name))} @input=${({ target }) => this.#set(name, target.value)} /></label>
      ${hint ? html`<p class="hint" id=${`hint-${name}`}>${hint}</p>` : nothing}`;
  }

  #group(key, content) {
    return html`<fieldset class="card"><legend><h2>${t(key)}</h2></legend>${content}</fieldset>`;
  }

  #nameTemplate() {
    const { centre, sender } = this.#now.without;
    return this.#group(
      "settings_names",
      html`${this.#line("site_name", { hint: t("settings_site_name_hint") })}
        ${this.#line("centre", { hint: t("settings_centre_hint"), placeholder: centre })}
        ${this.#line("sender", { hint: t("settings_sender_hint"), placeholder: sender })}`,
    );
  }

  #lookTemplate() {
    const [colour, logo] = [this.#value("colour"), this.#value("logo")];
    return this.#group(
      "settings_look",
      html`<p class="hint">${t("settings_look_hint")}</p>
        <label>${t("settings_colour")}<input type="color" .value=${live(colour || "#0b6b66")} @input=${({ target }) => this.#set("colour", target.value)} /></label>
        <p class="hint">${colour ? colour : t("settings_colour_none")} ${colour ? html`<button type="button" class="linklike" @click=${() => this.#set("colour", "")}>${t("settings_colour_remove")}</button>` : nothing}</p>
        <label>${t("settings_logo")}<input type="file" accept="image/png,image/webp,image/jpeg" @change=${({ target }) => this.#readLogo(target)} /></label>
        <p class="hint">${t("settings_logo_hint")}</p>
        ${logo ? html`<p><span class="chip">${t("settings_logo_there")}</span> <button type="button" class="linklike" @click=${() => this.#set("logo", "")}>${t("settings_logo_remove")}</button></p>` : nothing}`,
    );
  }

  #placeTemplate() {
    const chosen = this.#value("languages");
    return this.#group(
      "settings_place",
      html`<label>${t("settings_timezone")}<select @change=${({ target }) => this.#set("timezone", target.value)}>
          ${this.#now.zones.map((zone) => html`<option value=${zone} ?selected=${zone === this.#value("timezone")}>${zone}</option>`)}</select></label>
        <p class="hint">${t("settings_timezone_hint")}</p>
        <fieldset class="plain"><legend>${t("settings_languages")}</legend>
        ${LANGUAGES.map(
          (code) =>
            html`<label class="check"><input type="checkbox" .checked=${live(!chosen.length || chosen.includes(code))} @change=${({ target }) => this.#chooseLanguage(code, target.checked)} />${t(`settings_lang_${code}`)}</label>`,
        )}</fieldset>
        <p class="hint">${t("settings_languages_hint")}</p>`,
    );
  }

  /** Nothing chosen means every language that the site has. */
  #chooseLanguage(code, on) {
    const chosen = this.#value("languages");
    const before = chosen.length ? chosen : LANGUAGES;
    const after = LANGUAGES.filter((one) => (one === code ? on : before.includes(one)));
    this.#set("languages", after.length === LANGUAGES.length ? [] : after);
  }

  #learningTemplate() {
    return this.#group(
      "settings_release",
      html`<p>${t("settings_release_text")}</p>
        ${RELEASES.map(
          (one) =>
            html`<label class="check"><input type="radio" name="release" .checked=${live(this.#value("release") === one)} @change=${() => this.#set("release", one)} />${t(`settings_release_${one}`)}</label>`,
        )}`,
    );
  }

  #photosTemplate() {
    return this.#group(
      "settings_photos",
      html`<p>${t("settings_photos_text")}</p>
        <label class="check"><input type="checkbox" .checked=${live(this.#value("photos"))} @change=${({ target }) => this.#set("photos", target.checked)} />${t("settings_photos_allow")}</label>`,
    );
  }

  #signInTemplate() {
    const fixed = this.#now.fixed_second_factor;
    return this.#group(
      "settings_factor",
      html`<p>${t("settings_factor_text")}</p>
        ${ROLES.map(
          (role) =>
            html`<label class="check"><input type="checkbox" ?disabled=${fixed.includes(role)} .checked=${live(fixed.includes(role) || this.#value("second_factor").includes(role))} @change=${({ target }) => this.#toggle("second_factor", role, target.checked)} />${t(`role_${role}`)}${fixed.includes(role) ? html` <small>${t("settings_factor_fixed")}</small>` : nothing}</label>`,
        )}`,
    );
  }

  #keepingTemplate() {
    const rules = this.#now.retention;
    const days = this.#draft.retention ?? Object.fromEntries(rules.map((one) => [one.rule, one.days]));
    return this.#group(
      "settings_retention",
      html`<p>${t("settings_retention_text")}</p>
        <div class="retention">${rules.map(
          (one) =>
            html`<label>${t(`retention_${one.rule.replaceAll("-", "_")}`)}<input type="number" min="30" max="36500" step="1" data-field="retention" aria-invalid=${this.#wrong === "retention" && !(days[one.rule] >= 30) ? "true" : nothing} .value=${live(String(days[one.rule]))} @change=${({ target }) => this.#set("retention", { ...days, [one.rule]: Number(target.value) || one.default })} /><small>${t("settings_days", { count: one.default })}</small></label>`,
        )}</div>`,
    );
  }
}

customElements.define("air-settings", AirSettings);
