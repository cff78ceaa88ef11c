// Entering a class by its code (/join/?code=…): at once for who is signed in, by e-mail for who is not.
import { html, nothing, render } from "lit/html.js";
import { errorText, lang, t } from "../lib/texts.js";
import { api } from "./server.js";

class AirJoin extends HTMLElement {
  #person = null;
  #busy = false;
  #message = "";
  #done = null;

  async connectedCallback() {
    this.replaceChildren();
    render(html`<h1>${t("page_join")}</h1><p role="status">${t("loading")}</p>`, this);
    try {
      this.#person = (await api.me()).person;
    } catch (error) {
      this.#message = error.code === "no_server" ? t("learning_no_server") : errorText(error);
    }
    this.#draw();
  }

  get #code() {
    return new URLSearchParams(location.search).get("code") ?? "";
  }

  #draw() {
    render(
      html`<div class="narrow card"><h1 tabindex="-1">${t("page_join")}</h1>
      ${this.#message ? html`<p class="alert" role="alert">${this.#message}</p>` : nothing}
      ${this.#done ? this.#doneTemplate() : this.#person ? this.#codeTemplate() : this.#requestTemplate()}</div>`,
      this,
    );
  }

  #doneTemplate() {
    return this.#person
      ? html`<p class="notice notice-good" role="status">${t("join_done", { name: this.#done.name })}</p><p><a class="button wide" href=${this.getAttribute("learning")}>${t("page_learning")}</a></p>`
      : html`<p class="notice notice-good" role="status">${t("join_mailed")}</p>`;
  }

  #field() {
    return html`<label>${t("join_code")}<input name="code" required autocomplete="off" autocapitalize="none" spellcheck="false" .defaultValue=${this.#code} placeholder="tabo-rimu-47" maxlength="40" /></label>`;
  }

  #codeTemplate() {
    return html`<p>${t("join_text", { name: this.#person.name })}</p>
      <form class="stack" @submit=${this.#submit}>${this.#field()}<p class="hint">${t("join_who_sees")}</p><button type="submit" class="button wide" ?disabled=${this.#busy}>${t("join_button")}</button></form>`;
  }

  #requestTemplate() {
    const back = encodeURIComponent(location.pathname + location.search);
    return html`<p>${t("join_request_text")}</p>
      <form class="stack" @submit=${this.#submit}>${this.#field()}
        <label>${t("join_name")}<input name="name" required maxlength="120" autocomplete="name" /></label>
        <label>${t("signin_email")}<input name="email" type="email" required autocomplete="email" inputmode="email" /></label>
        <p class="hint">${t("join_who_sees")}</p>
        <button type="submit" class="button wide" ?disabled=${this.#busy}>${t("join_request")}</button></form>
      <p class="quiet-text">${t("join_have_account")} <a href="${this.getAttribute("sign-in")}?next=${back}">${t("page_sign_in")}</a></p>`;
  }

  #submit = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    this.#busy = true;
    this.#message = "";
    this.#draw();
    try {
      const code = data.get("code");
      this.#done = this.#person
        ? await api.once("/join", { code })
        : await api.post("/join/request", { code, name: data.get("name"), email: data.get("email"), lang });
    } catch (error) {
      this.#message = error.code === "conflict" ? t("join_teaches") : errorText(error);
    }
    this.#busy = false;
    this.#draw();
    this.querySelector("h1").focus();
  };
}

customElements.define("air-join", AirJoin);
