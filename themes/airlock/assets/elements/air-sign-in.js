// Signing in by password or by a one-time link, and answering an invitation. The secret of a link stands behind the # of
// the address, which browsers send to nobody; opening the page does not use the link up, so that mail scanners may.
import { html, nothing, render } from "lit/html.js";
import "./account-texts.js";
import { safeNext } from "../lib/format.js";
import { errorText, lang, t } from "../lib/texts.js";
import { api } from "./server.js";

class SignInBase extends HTMLElement {
  busy = false;
  second = null;
  message = "";
  token = "";
  owner = null;
  #shown = false;
  #moved = () => {
    this.#takeToken();
    this.draw();
  };

  connectedCallback() {
    this.replaceChildren();
    this.#takeToken();
    addEventListener("hashchange", this.#moved);
    this.draw();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#moved);
  }

  /** Keeps the secret in memory and takes it out of the address bar and the history. */
  #takeToken() {
    const token = location.hash.slice(1);
    if (/^[A-Za-z0-9_-]{20,}$/.test(token)) {
      this.token = token;
      history.replaceState(null, "", location.pathname + location.search);
      this.#askOwner();
    }
  }

  async #askOwner() {
    this.owner = null;
    try {
      this.owner = await api.post("/sign-in/link/owner", { token: this.token });
    } catch (error) {
      this.message = errorText(error);
      if (error.code === "link_invalid") this.token = "";
    }
    this.draw();
  }

  async send(path, body) {
    this.busy = true;
    this.message = "";
    this.draw();
    try {
      const reply = await api.post(path, body);
      if (reply.person) this.go(reply);
      else this.#ask(reply.second);
    } catch (error) {
      this.busy = false;
      this.message = errorText(error);
      this.failed(error);
      this.draw();
    }
  }

  failed(_error) {}

  /** The password was right: a second factor comes before anybody is in. */
  async #ask(kinds) {
    this.busy = false;
    this.second = kinds;
    // The cookie is another one since.
    await api.me({ fresh: true });
    this.draw();
    this.querySelector("input[name=code]")?.focus();
  }

  secondTemplate() {
    const app = this.second.includes("app");
    const passkey =
      this.second.includes("passkey") &&
      typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
    return html`<h1>${t("second_title")}</h1>${this.problem()}
      ${app ? html`<form class="stack" @submit=${(event) => this.#second(event, "code")}><label>${t("second_code")}<input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="10" /></label><button type="submit" class="button wide" ?disabled=${this.busy}>${t("signin_button")}</button></form>` : nothing}
      ${passkey ? html`<p><button type="button" class="button ${app ? "quiet" : ""} wide" ?disabled=${this.busy} @click=${this.#passkey}>${t("second_passkey")}</button></p>` : nothing}
      <details class="signin-help"><summary>${t("second_lost")}</summary><form class="stack" @submit=${(event) => this.#second(event, "recovery")}><label>${t("second_recovery")}<input name="recovery" autocomplete="off" required maxlength="20" /></label><button type="submit" class="button quiet wide" ?disabled=${this.busy}>${t("signin_button")}</button></form>
        <p class="hint">${t("second_lost_all")}</p></details>`;
  }

  #second(event, name) {
    event.preventDefault();
    this.send("/sign-in/second", { [name]: new FormData(event.target).get(name) });
  }

  #passkey = async () => {
    let answer;
    try {
      const { options } = await api.post("/sign-in/second/question", {});
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      answer = (await navigator.credentials.get({ publicKey })).toJSON();
    } catch (error) {
      this.message = error.code && typeof error.code === "string" ? errorText(error) : t("second_passkey_not");
      return this.draw();
    }
    this.send("/sign-in/second", { answer });
  };

  go({ person }) {
    if (person.enrol) return location.assign(this.getAttribute("my-account"));
    const home = this.getAttribute(person.start);
    const fallback = new URL(home, location.href).pathname;
    location.assign(safeNext(new URLSearchParams(location.search).get("next"), fallback, location.origin));
  }

  passwordField(label, autocomplete) {
    return html`<label>${label}<input name="password" type=${this.#shown ? "text" : "password"} autocomplete=${autocomplete} required /></label>
      <label class="check"><input type="checkbox" @change=${(event) => this.#show(event.target.checked)} /> ${t("show_password")}</label>`;
  }

  #show(shown) {
    this.#shown = shown;
    this.draw();
  }

  problem() {
    return this.message ? html`<p class="alert" role="alert">${this.message}</p>` : nothing;
  }
}

const REASONS = ["provider", "closed", "unconfirmed", "unknown", "state"];

class AirSignIn extends SignInBase {
  #known = null;
  #elsewhere = "";
  #sent = "";

  connectedCallback() {
    const reason = new URLSearchParams(location.search).get("sso");
    if (reason) this.message = t(`sso_${REASONS.includes(reason) ? reason : "provider"}`);
    super.connectedCallback();
    api.me().then(
      ({ person, sign_on }) => {
        this.#known = person;
        this.#elsewhere = sign_on;
        this.draw();
      },
      () => {},
    );
  }

  failed(error) {
    if (error.code === "link_invalid") this.token = "";
  }

  draw() {
    render(
      html`<div class="narrow card">${this.second ? this.secondTemplate() : this.token ? this.#link() : this.#form()}</div>`,
      this,
    );
  }

  /** Whose link it is comes before the click that uses it: nobody answers under somebody else's name unawares. */
  #link() {
    const owner = this.owner;
    if (!owner)
      return html`<h1>${t("page_sign_in")}</h1>${this.message ? this.problem() : html`<p role="status">${t("loading")}</p>`}`;
    return html`<h1>${t("signin_link_title", { name: owner.name })}</h1>
      <p>${owner.operator ? t("signin_link_operator", { name: owner.name }) : t("signin_link_text", { email: owner.email })}</p>
      ${owner.signed_in ? html`<p class="notice notice-late">${t("signin_link_other", { name: owner.signed_in })}</p>` : nothing}
      ${this.problem()}
      <div class="stack">${this.#shared()}
      <button type="button" class="button wide" ?disabled=${this.busy} @click=${() => this.send("/sign-in/link", { token: this.token, shared: this.#isShared })}>${t("signin_as", { name: owner.name })}</button></div>`;
  }

  #form() {
    return html`<h1>${t("page_sign_in")}</h1>
      ${this.#known ? html`<p class="notice">${t("signed_in_as", { name: this.#known.name })}. <a href=${this.getAttribute("learning")}>${t("signed_in_go")}</a></p>` : nothing}
      ${this.problem()}
      ${this.#sent ? html`<p class="notice notice-good" role="status">${this.#sent}</p>` : nothing}
      ${this.#elsewhere ? html`<p><a class="button wide" href="/api/v1/sign-in/elsewhere?${new URLSearchParams({ lang, next: this.#next })}">${t("signin_elsewhere", { name: this.#elsewhere })}</a></p>` : nothing}
      <form class="stack" @submit=${this.#submit}>
        <label>${t("signin_email")}<input name="email" type="email" autocomplete="username" inputmode="email" required /></label>
        ${this.passwordField(t("signin_password"), "current-password")}
        ${this.#shared()}
        <button type="submit" class="button wide" ?disabled=${this.busy}>${t("signin_button")}</button>
      </form>
      <details class="signin-help"><summary>${t("signin_forgot")}</summary>
        <p><button type="button" class="button quiet wide" ?disabled=${this.busy} @click=${() => this.#ask("sign-in")}>${t("signin_send_link")}</button></p>
        <p><button type="button" class="button quiet wide" ?disabled=${this.busy} @click=${() => this.#ask("password")}>${t("signin_send_password")}</button></p>
      </details>`;
  }

  get #next() {
    return safeNext(new URLSearchParams(location.search).get("next"), "", location.origin);
  }

  #shared() {
    return html`<label class="check"><input type="checkbox" name="shared" aria-describedby="shared-hint" /> ${t("signin_shared")}</label>
      <p class="hint" id="shared-hint">${t("signin_shared_hint")}</p>`;
  }

  get #isShared() {
    return this.querySelector("input[name=shared]").checked;
  }

  #submit = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    this.#sent = "";
    this.send("/sign-in", { email: data.get("email"), password: data.get("password"), shared: this.#isShared });
  };

  async #ask(wanted) {
    const field = this.querySelector("input[name=email]");
    const email = field.value.trim();
    this.message = "";
    this.#sent = "";
    if (!field.checkValidity()) {
      this.message = t("signin_need_email");
      this.draw();
      field.focus();
      return;
    }
    this.busy = true;
    this.draw();
    try {
      const { sends } = await api.post("/sign-in/asked", { email, wanted });
      if (sends) this.#sent = t("signin_sent", { email });
      else this.message = t("signin_no_mail");
    } catch (error) {
      this.message = errorText(error);
    }
    this.busy = false;
    this.draw();
  }
}

class AirWelcome extends SignInBase {
  draw() {
    if (this.second) return render(html`<div class="narrow card">${this.secondTemplate()}</div>`, this);
    render(
      html`<div class="narrow card"><h1>${t("page_welcome")}</h1>
        ${
          this.token
            ? html`${this.owner ? html`<p>${t("welcome_for", { name: this.owner.name, email: this.owner.email })}</p>` : nothing}
              <p>${t("welcome_text")}</p>
              ${this.problem()}
              <form class="stack" @submit=${this.#submit}>
                ${this.owner?.newcomer ? html`<label>${t("welcome_name")}<input name="name" autocomplete="name" maxlength="120" required .value=${this.owner.name} /></label>` : nothing}
                ${this.passwordField(t("welcome_password"), "new-password")}
                <button type="submit" class="button wide" ?disabled=${this.busy}>${t("welcome_button")}</button>
              </form>`
            : html`${this.problem()}<p class="notice">${t("welcome_no_token")}</p>
              <p><a class="button" href=${this.getAttribute("sign-in")}>${t("page_sign_in")}</a></p>`
        }</div>`,
      this,
    );
  }

  #submit = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const body = { token: this.token, password: data.get("password") };
    if (data.has("name")) body.name = data.get("name");
    this.send("/invitations/answer", body);
  };
}

customElements.define("air-sign-in", AirSignIn);
customElements.define("air-welcome", AirWelcome);
