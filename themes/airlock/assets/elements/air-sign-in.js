// Signing in by password or by a one-time link, and answering an invitation. The secret of a link stands behind the # of
// the address, which browsers send to nobody; opening the page does not use the link up, so that mail scanners may.
import { html, nothing, render } from "lit/html.js";
import { safeNext } from "../lib/format.js";
import { errorText, t } from "../lib/texts.js";
import { api } from "./server.js";

class SignInBase extends HTMLElement {
  busy = false;
  message = "";
  token = "";
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
    }
  }

  async send(path, body) {
    this.busy = true;
    this.message = "";
    this.draw();
    try {
      this.go(await api.post(path, body));
    } catch (error) {
      this.busy = false;
      this.message = errorText(error);
      this.failed(error);
      this.draw();
    }
  }

  failed(_error) {}

  go({ person }) {
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

class AirSignIn extends SignInBase {
  #known = null;

  connectedCallback() {
    super.connectedCallback();
    api.me().then(
      ({ person }) => {
        this.#known = person;
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
      html`<div class="narrow card">
        ${
          this.token
            ? html`<h1>${t("signin_link_title")}</h1>
              <p>${t("signin_link_text")}</p>
              ${this.problem()}
              <button type="button" class="button wide" ?disabled=${this.busy} @click=${() => this.send("/sign-in/link", { token: this.token })}>${t("signin_button")}</button>`
            : html`<h1>${t("page_sign_in")}</h1>
              ${this.#known ? html`<p class="notice">${t("signed_in_as", { name: this.#known.name })}. <a href=${this.getAttribute("learning")}>${t("signed_in_go")}</a></p>` : nothing}
              ${this.problem()}
              <form class="stack" @submit=${this.#submit}>
                <label>${t("signin_email")}<input name="email" type="email" autocomplete="username" inputmode="email" required /></label>
                ${this.passwordField(t("signin_password"), "current-password")}
                <button type="submit" class="button wide" ?disabled=${this.busy}>${t("signin_button")}</button>
              </form>
              <p class="quiet-text">${t("signin_no_password")}</p>`
        }
      </div>`,
      this,
    );
  }

  #submit = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    this.send("/sign-in", { email: data.get("email"), password: data.get("password") });
  };
}

class AirWelcome extends SignInBase {
  draw() {
    render(
      html`<div class="narrow card"><h1>${t("page_welcome")}</h1>
        ${
          this.token
            ? html`<p>${t("welcome_text")}</p>
              ${this.problem()}
              <form class="stack" @submit=${this.#submit}>
                ${this.passwordField(t("welcome_password"), "new-password")}
                <button type="submit" class="button wide" ?disabled=${this.busy}>${t("welcome_button")}</button>
              </form>`
            : html`<p class="notice">${t("welcome_no_token")}</p>`
        }</div>`,
      this,
    );
  }

  #submit = (event) => {
    event.preventDefault();
    this.send("/invitations/answer", { token: this.token, password: new FormData(event.target).get("password") });
  };
}

customElements.define("air-sign-in", AirSignIn);
customElements.define("air-welcome", AirWelcome);
