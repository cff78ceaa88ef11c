// Which e-mails one gets, the link that ends them (/messages/#token), and the mailbox of the demo.
import { live } from "lit/directives/live.js";
import { html, nothing, render } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { errorText, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { api } from "./server.js";

class AirMessages extends AppPage {
  title = t("page_messages");
  #preferences = {};

  connectedCallback() {
    const token = location.hash.slice(1);
    if (/^[\w.-]{20,300}$/.test(token)) {
      this.replaceChildren();
      this.#askToEnd(token);
    } else super.connectedCallback();
  }

  /** One click ends them, and not the opening of the page: mail scanners open pages. */
  #askToEnd(token, message = null, ended = null) {
    render(
      html`<div class="narrow card"><h1>${this.title}</h1>
      ${message ? html`<p class="alert" role="alert">${message}</p>` : nothing}
      ${
        ended
          ? html`<p class="notice notice-good" role="status">${t("messages_ended", { kind: t(`message_${ended.replaceAll("-", "_")}`) })}</p><p><a href=${location.pathname}>${t("messages_all")}</a></p>`
          : html`<p>${t("messages_end_text")}</p><p><button type="button" class="button wide" @click=${() => this.#end(token)}>${t("messages_end")}</button></p>`
      }</div>`,
      this,
    );
  }

  async #end(token) {
    try {
      const { kind } = await api.post(`/unsubscribe?token=${encodeURIComponent(token)}`);
      this.#askToEnd(token, null, kind);
    } catch (error) {
      this.#askToEnd(token, errorText(error));
    }
  }

  async load() {
    this.#preferences = (await api.get("/preferences")).preferences;
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1><p>${t("messages_intro")}</p>${this.messageTemplate()}
      <ul class="choices">${Object.entries(this.#preferences).map(
        ([kind, wanted]) =>
          html`<li><label class="check"><input type="checkbox" .checked=${live(wanted)} ?disabled=${this.busy} @change=${(event) => this.#set(kind, event.target.checked)} /> ${t(`message_${kind.replaceAll("-", "_")}`)}</label></li>`,
      )}</ul>`;
  }

  #set(kind, wanted) {
    this.act(
      "/preferences",
      { kind, wanted },
      {
        done: t("saved"),
        after: (reply) => {
          this.#preferences = reply.preferences;
        },
      },
    );
  }
}

class AirMailbox extends AppPage {
  title = t("page_mailbox");
  #messages = [];
  #everybody = false;

  async load() {
    const found = await api.get("/mailbox");
    [this.#messages, this.#everybody] = [found.messages, found.everybody];
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1><p>${t(this.#everybody ? "mailbox_all" : "mailbox_own")}</p>
      <p><button type="button" class="button small quiet" @click=${() => this.refresh()}>${t("mailbox_again")}</button></p>
      ${
        this.#messages.length
          ? html`<ul class="mail-list">${this.#messages.map(
              (mail) =>
                html`<li class="panel"><details class="fold"><summary><b lang=${mail.lang}>${mail.subject}</b> <span class="hint">${mail.recipient} · ${dateAndTime(mail.at, locale)}</span></summary><div class="letter" lang=${mail.lang}>${this.#linked(mail.text)}</div></details></li>`,
            )}</ul>`
          : html`<p class="notice">${t("mailbox_empty")}</p>`
      }`;
  }

  /** The text with its addresses as links, as mail programs show it. */
  #linked(text) {
    return text.split(/(https?:\/\/\S+)/).map((part, place) => (place % 2 ? html`<a href=${part}>${part}</a>` : part));
  }
}

customElements.define("air-messages", AirMessages);
customElements.define("air-mailbox", AirMailbox);
