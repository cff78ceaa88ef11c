// Second factors on the page of one's account: an app, passkeys, recovery codes.
import { html, nothing } from "lit/html.js";
import "./administration-texts.js";
import { dateAndTime } from "../lib/format.js";
import { isOne, locale, t } from "../lib/texts.js";
import { confirmTemplate } from "./confirming.js";
import { api } from "./server.js";

/** Whether this browser can make passkeys and hand them on as JSON. */
const hasPasskeys = () => typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function";

export class Factors {
  #page;
  #found = null;
  #adding = "";
  #name = "";
  #app = null;
  #codes = [];

  constructor(page) {
    this.#page = page;
  }

  async load() {
    this.#found = await api.get("/account/factors");
  }

  template() {
    const { factors, codes_left, required } = this.#found;
    return html`<section aria-labelledby="factors"><h2 id="factors">${t("factors_title")}</h2>
      <p>${t("factors_text")}</p>
      ${required && !factors.length ? html`<p class="alert">${t("factors_required")}</p>` : nothing}
      ${
        factors.length
          ? html`<ul>${factors.map(
              (
                one,
              ) => html`<li><strong><bdi>${one.name}</bdi></strong> · ${t(`factor_${one.kind}`)}${one.used_at ? html` · ${t("factor_used", { when: dateAndTime(one.used_at, locale) })}` : nothing}
        <button type="button" class="linklike" aria-label=${t("factor_remove_name", { name: one.name })} @click=${() => this.#open(`remove ${one.id}`)}>${t("factor_remove")}</button></li>`,
            )}</ul>
        <p>${t(isOne(codes_left) ? "factor_codes_left_one" : "factor_codes_left", { count: codes_left })}</p>`
          : nothing
      }
      ${this.#codes.length ? this.#codesTemplate() : nothing}
      ${this.#adding ? html`<div class="card">${this.#addingTemplate()}</div>` : this.#choices(factors)}</section>`;
  }

  #choices(factors) {
    return html`<p class="actions"><button type="button" class="button quiet" @click=${() => this.#open("app")}>${t("factor_add_app")}</button>
      ${hasPasskeys() ? html`<button type="button" class="button quiet" @click=${() => this.#open("passkey")}>${t("factor_add_passkey")}</button>` : nothing}
      ${factors.length ? html`<button type="button" class="button quiet" @click=${() => this.#open("codes")}>${t("factor_new_codes")}</button>` : nothing}</p>`;
  }

  #open(what) {
    this.#adding = what;
    this.#app = null;
    this.#name = what === "app" ? t("factor_app_name") : t("factor_passkey_name");
    this.#codes = [];
    this.#page.update();
    this.#page.querySelector("section[aria-labelledby=factors] .card input:not([hidden])")?.focus();
  }

  #close = async () => {
    this.#adding = "";
    this.#app = null;
    await this.load();
    this.#page.update();
  };

  #addingTemplate() {
    if (this.#app) return this.#appTemplate();
    const what = this.#adding.split(" ")[0];
    const label = {
      app: t("factor_continue"),
      passkey: t("factor_add_passkey"),
      codes: t("factor_new_codes"),
      remove: t("factor_remove"),
    }[what];
    return html`<h3>${{ app: t("factor_add_app"), passkey: t("factor_add_passkey"), codes: t("factor_new_codes"), remove: t("factor_remove") }[what]}</h3>
      ${
        what === "app" || what === "passkey"
          ? html`<label>${t("factor_name")}<input maxlength="80" .value=${this.#name} @input=${(event) => {
              this.#name = event.target.value;
            }} /></label>`
          : nothing
      }
      ${confirmTemplate(this.#page, { label, why: false, cancel: this.#close, send: (confirmation) => this.#send(what, confirmation) })}`;
  }

  #send(what, confirmation) {
    if (what === "app")
      return this.#page.act(
        "/account/factors/app",
        { name: this.#name, confirmation },
        {
          after: (reply) => {
            this.#app = reply;
          },
        },
      );
    if (what === "passkey") return this.#passkey(confirmation);
    const path = what === "codes" ? "/account/factors/codes" : `/account/factors/${this.#adding.split(" ")[1]}/removal`;
    return this.#page.act(
      path,
      { confirmation },
      {
        done: what === "remove" ? t("factor_removed") : "",
        after: (reply) => this.#done(reply.codes ?? []),
      },
    );
  }

  async #done(codes) {
    this.#codes = codes;
    await this.#close();
  }

  async #passkey(confirmation) {
    let made = null;
    const asked = await this.#page.act(
      "/account/factors/passkey/options",
      { confirmation },
      {
        after: async ({ options }) => {
          const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
          made = await navigator.credentials.create({ publicKey }).then(
            (one) => one.toJSON(),
            () => null,
          );
        },
      },
    );
    if (!asked) return false;
    if (!made) {
      this.#page.tell(t("factor_passkey_not"), false);
      return false;
    }
    return this.#page.act(
      "/account/factors/passkey",
      { name: this.#name, answer: made },
      {
        done: t("factor_added"),
        after: ({ codes }) => this.#done(codes),
      },
    );
  }

  #appTemplate() {
    const confirm = (event) => {
      event.preventDefault();
      const code = new FormData(event.target).get("code");
      this.#page.act(
        `/account/factors/app/${this.#app.id}`,
        { code },
        {
          done: t("factor_added"),
          after: ({ codes }) => this.#done(codes),
        },
      );
    };
    return html`<h3>${t("factor_scan")}</h3><p><img src=${this.#app.picture} alt=${t("factor_picture")} width="180" height="180" class="qr" /></p>
      <p>${t("factor_or_type")} <code>${this.#app.secret.match(/.{1,4}/g).join(" ")}</code></p>
      <form class="stack" @submit=${confirm}><label>${t("factor_code")}<input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="10" /></label>
        <p class="actions"><button type="submit" class="button" ?disabled=${this.#page.busy}>${t("factor_confirm")}</button><button type="button" class="button quiet" @click=${this.#close}>${t("cancel")}</button></p></form>`;
  }

  #codesTemplate() {
    return html`<div class="notice" role="status"><p><strong>${t("factor_codes_title")}</strong></p><p>${t("factor_codes_text")}</p>
      <ul class="codes">${this.#codes.map((code) => html`<li><code>${code}</code></li>`)}</ul></div>`;
  }
}
