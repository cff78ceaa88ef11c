// One's own account: the password, where one is signed in, and the language of letters.

import { html, nothing, render } from "lit/html.js";
import "./account-texts.js";
import { dateAndTime } from "../lib/format.js";
import { errorText, languages, locale, t } from "../lib/texts.js";
import { Factors } from "./account-factors.js";
import { AppPage } from "./app-page.js";
import { api } from "./server.js";

class AirMyAccount extends AppPage {
  title = t("page_my_account");
  #found = null;
  #factors = new Factors(this);
  #shown = false;

  /** The link in the letter to a new address: what it holds stands behind the #, and whoever opens it need not be signed in. */
  connectedCallback() {
    const token = location.hash.match(/^#address=([\w-]{20,})$/)?.[1];
    if (!token) return super.connectedCallback();
    history.replaceState(null, "", location.pathname);
    this.replaceChildren();
    this.#confirm(token);
  }

  async #confirm(token) {
    let text;
    try {
      text = t("account_address_done", await api.post("/account/address/confirmed", { token }));
    } catch (error) {
      text = errorText(error);
    }
    render(
      html`<h1 tabindex="-1">${this.title}</h1><p class="notice" role="status">${text}</p>
        <p><a class="button" href=${this.getAttribute("sign-in")}>${t("page_sign_in")}</a></p>`,
      this,
    );
  }

  async load() {
    [this.#found] = await Promise.all([api.get("/account"), this.#factors.load()]);
  }

  draw() {
    const { name, email } = this.#found;
    return html`<h1 tabindex="-1">${this.title}</h1>
      <p><strong>${name}</strong>, ${t("account_intro", { email })}</p>
      ${this.messageTemplate()}
      ${this.#password()}
      ${this.#found.password ? this.#factors.template() : nothing}
      ${this.#devices()}
      ${this.#language()}
      ${this.#address()}
      <p><a href=${this.getAttribute("my-data")}>${t("page_my_data")}</a></p>`;
  }

  #password() {
    const type = this.#shown ? "text" : "password";
    const known = this.#found.password;
    return html`<section aria-labelledby="password"><h2 id="password">${t("account_password")}</h2>
      ${known ? nothing : html`<p class="hint">${t("account_none")}</p>`}
      <form class="stack" @submit=${this.#setPassword}>
        <input type="email" name="email" autocomplete="username" .value=${this.#found.email} hidden />
        ${known ? html`<label>${t("account_old")}<input name="old" type=${type} autocomplete="current-password" required /></label>` : nothing}
        <label>${t("welcome_password")}<input name="password" type=${type} autocomplete="new-password" required minlength=${this.#found.shortest} maxlength="128" aria-describedby="password-hint" /></label>
        <p class="hint" id="password-hint">${t("welcome_text")} ${t("account_set_hint")}</p>
        <label class="check"><input type="checkbox" .checked=${this.#shown} @change=${this.#show} /> ${t("show_password")}</label>
        <p><button type="submit" class="button" ?disabled=${this.busy}>${t("account_set")}</button></p>
      </form></section>`;
  }

  #devices() {
    const { devices } = this.#found;
    return html`<section aria-labelledby="devices"><h2 id="devices">${t("account_devices")}</h2>
      <div class="table-wrap" role="region" aria-label=${t("account_device")} tabindex="0"><table class="data"><thead><tr>
        <th scope="col">${t("account_device")}</th><th scope="col">${t("account_network")}</th><th scope="col">${t("account_since")}</th><th scope="col">${t("account_seen")}</th><th scope="col"><span class="visually-hidden">${t("account_end")}</span></th>
      </tr></thead><tbody>${devices.map((one) => this.#device(one))}</tbody></table></div>
      ${devices.length > 1 ? html`<p><button type="button" class="button quiet" ?disabled=${this.busy} @click=${() => this.#end("/devices/end-others", t("account_others_ended"))}>${t("account_end_others")}</button></p>` : nothing}
    </section>`;
  }

  #device(one) {
    const name = one.device || t("account_unknown");
    return html`<tr>
      <th scope="row">${name}${one.here ? html` <span class="chip chip-done">${t("account_here")}</span>` : nothing}${one.shared ? html` <span class="chip">${t("account_shared")}</span>` : nothing}</th>
      <td data-label=${t("account_network")}>${one.network || "–"}</td>
      <td data-label=${t("account_since")}>${dateAndTime(one.began_at, locale)}, ${t(`account_way_${one.way}`)}</td>
      <td data-label=${t("account_seen")}>${dateAndTime(one.seen_at, locale)}</td>
      <td>${one.here ? nothing : html`<button type="button" class="linklike" aria-label=${t("account_end_of", { name })} ?disabled=${this.busy} @click=${() => this.#end(`/devices/${one.id}/end`, t("account_ended"))}>${t("account_end")}</button>`}</td>
    </tr>`;
  }

  #language() {
    return html`<section aria-labelledby="language"><h2 id="language">${t("account_language")}</h2>
      <label><span class="visually-hidden">${t("account_language")}</span><select @change=${this.#setLanguage}>${languages.map((code) => html`<option value=${code} ?selected=${code === this.#found.lang}>${code.toUpperCase()}</option>`)}</select></label></section>`;
  }

  #address() {
    if (!this.#found.password) return nothing;
    return html`<section aria-labelledby="address"><h2 id="address">${t("account_address")}</h2>
      <p class="hint" id="address-hint">${t("account_address_hint")}</p>
      <form class="stack" @submit=${this.#askAddress}>
        <label>${t("account_address_new")}<input name="email" type="email" required maxlength="254" autocomplete="email" aria-describedby="address-hint" /></label>
        <label>${t("account_old")}<input name="old" type="password" autocomplete="current-password" required /></label>
        <p><button type="submit" class="button quiet" ?disabled=${this.busy}>${t("account_address_ask")}</button></p>
      </form></section>`;
  }

  #askAddress = async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    let confirmation = "";
    const right = await this.act(
      "/confirmations",
      { password: data.get("old") },
      {
        after: (reply) => {
          confirmation = reply.confirmation;
        },
      },
    );
    if (!right) return;
    const email = data.get("email");
    const done = t("account_address_asked", { email });
    this.act("/account/address", { email, confirmation }, { done, after: () => form.reset() });
  };

  #show = (event) => {
    this.#shown = event.target.checked;
    this.update();
  };

  #setPassword = (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    this.act(
      "/account/password",
      { old: data.get("old") ?? "", password: data.get("password") },
      {
        done: t("account_set_done"),
        after: async () => {
          form.reset();
          await this.load();
        },
      },
    );
  };

  #setLanguage = (event) => {
    this.act(
      "/account/language",
      { lang: event.target.value },
      { done: t("account_language_done"), after: () => this.load() },
    );
  };

  #end(path, done) {
    this.act(path, {}, { done, after: () => this.load() });
  }
}

customElements.define("air-my-account", AirMyAccount);
