// The sign-in link, or the menu of the person who is signed in.
import { html, nothing, render } from "lit/html.js";
import { t } from "../lib/texts.js";
import { api, storage } from "./server.js";

class AirAccount extends HTMLElement {
  async connectedCallback() {
    const link = this.querySelector("a");
    try {
      const { person, mailbox } = await api.me();
      if (person) {
        this.#draw(person, mailbox);
        if (document.querySelector("air-home")) import("./air-home.js");
        if (person.pages.length) (await import("./staff-tools.js")).showTools(this, person);
      } else this.#rememberPage(link);
    } catch {
      // No API, or no connection: the page reads all the same, with its sign-in link.
    }
  }

  /** Signing in leads back to where one was. */
  #rememberPage(link) {
    // What stands behind the hash of other pages may be a secret: it never goes into an address that a server sees.
    const here = location.pathname + location.search + (document.querySelector("air-lesson") ? location.hash : "");
    const signIn = new URL(link.href);
    if (location.pathname !== signIn.pathname && !document.querySelector("air-home, air-welcome")) {
      signIn.searchParams.set("next", here);
      link.href = signIn.href;
    }
  }

  #draw(person, mailbox) {
    const initials = person.name
      .split(/\s+/)
      .map((part) => part[0])
      .filter((_, index, all) => index === 0 || index === all.length - 1)
      .join("");
    this.replaceChildren();
    render(
      html`<details class="menu">
        <summary aria-label=${t("signed_in_as", { name: person.name })}><span class="avatar" data-initials=${initials}></span></summary>
        <div class="menu-panel">
          <p class="menu-title">${person.name}</p>
          <ul>
            <li><a href=${this.getAttribute("learning")}>${t("page_learning")}</a></li>
            ${person.pages.map((name) => html`<li><a href=${this.getAttribute(name)}>${t(`page_${name}`)}</a></li>`)}
            <li><a href=${this.getAttribute("documents")}>${t("page_documents")}</a></li>
            <li><a href=${this.getAttribute("my-account")}>${t("page_my_account")}</a></li>
            <li><a href=${this.getAttribute("messages")}>${t("page_messages")}</a></li>
            ${mailbox ? html`<li><a href=${this.getAttribute("mailbox")}>${t("page_mailbox")}</a></li>` : nothing}
            <li><button type="button" class="linklike" @click=${() => this.#signOut()}>${t("sign_out")}</button></li>
          </ul>
          <p role="alert"></p>
        </div>
      </details>`,
      this,
    );
  }

  async #signOut() {
    try {
      // Asked for only here: a lesson's first visit weighs less without it.
      if (storage) (await import("../lib/kept.js")).forgetEvents(storage);
      await api.leave();
      location.assign(this.getAttribute("sign-in"));
    } catch {
      this.querySelector("[role=alert]").textContent = t("sign_out_later");
    }
  }
}

customElements.define("air-account", AirAccount);
