// What the pages have in common that show what the API gives: who is signed in, where one is, what went wrong.
import { html, nothing, render } from "lit/html.js";
import { errorText, t } from "../lib/texts.js";
import { api } from "./server.js";

/** A page; subclasses say their `title`, who may see it, and `load()` and `draw()` what it is about. */
export class AppPage extends HTMLElement {
  person = null;
  message = null;
  busy = false;
  #turn = 0;
  #back = () => this.refresh({ focus: true });

  connectedCallback() {
    this.replaceChildren();
    addEventListener("popstate", this.#back);
    this.refresh();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.#back);
  }

  /** Sentence for those whom the page is not for; "" if it is for everybody who is signed in. */
  refusal(_person) {
    return "";
  }

  get query() {
    return new URLSearchParams(location.search);
  }

  async refresh({ focus = false } = {}) {
    this.#turn += 1;
    const turn = this.#turn;
    if (!this.person) render(html`<h1>${this.title}</h1><p role="status">${t("loading")}</p>`, this);
    try {
      this.person ??= (await api.me()).person;
      if (!this.person) return this.#tell(t("page_needs_sign_in"), true);
      const refusal = this.refusal(this.person);
      if (refusal) return this.#tell(refusal, false);
      await this.load();
      // Somebody went on meanwhile.
      if (turn !== this.#turn) return;
      this.update();
      this.#name();
      const first = this.first();
      if (first) first.focus();
      else if (focus) this.querySelector("h1")?.focus();
    } catch (error) {
      this.#tell(error.code === "no_server" ? t("learning_no_server") : errorText(error), false, true);
    }
  }

  async load() {}

  /** What one certainly does first here, or null: it gets the focus. */
  first() {
    return null;
  }

  /** The browser's list of tabs and its history say what is shown. */
  #name() {
    const site = document.title.split(" · ").at(-1);
    const heading = this.querySelector("h1")?.textContent.trim();
    if (heading) document.title = `${heading} · ${site}`;
  }

  update() {
    render(this.draw(), this);
  }

  #tell(text, signIn, again = false) {
    render(
      html`<h1 tabindex="-1">${this.title}</h1><p class="notice" role="status">${text}</p>
        ${signIn ? html`<p><a class="button" href="${this.getAttribute("sign-in")}?next=${encodeURIComponent(location.pathname + location.search)}">${t("page_sign_in")}</a></p>` : nothing}
        ${again ? html`<p><button type="button" class="button" @click=${() => this.refresh({ focus: true })}>${t("retry")}</button></p>` : nothing}`,
      this,
    );
  }

  /** A link to another view of this page; modified clicks open it elsewhere, as everywhere. */
  link(query, text, { label = null, current = false, className = "" } = {}) {
    const address = `?${new URLSearchParams(query)}`;
    return html`<a href=${address} class=${className} aria-label=${label ?? nothing} aria-current=${current ? "page" : nothing} @click=${(event) => this.follow(event, address)}>${text}</a>`;
  }

  follow(event, address) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.go(address);
  }

  go(address) {
    history.pushState(null, "", address || location.pathname);
    this.message = null;
    this.refresh({ focus: true });
  }

  /** Does something on the server and says how it went; what was typed stays where it is when it fails. */
  async act(path, body, { done = "", after = () => {}, failed = () => {} } = {}) {
    if (this.busy) return false;
    this.busy = true;
    this.message = null;
    this.update();
    let reply;
    try {
      reply = await api.once(path, body);
    } catch (error) {
      this.busy = false;
      this.message = { text: errorText(error), good: false };
      failed(error);
      this.#say();
      return false;
    }
    this.busy = false;
    if (done) this.message = { text: typeof done === "function" ? done(reply) : done, good: true };
    try {
      await after(reply);
    } catch {
      // It is done: doing it once more would make it twice.
      this.message = { text: t("saved_not_shown"), good: true };
    }
    this.#say();
    return true;
  }

  /** Says something at the top of the page. */
  tell(text, good) {
    this.message = { text, good };
    this.#say();
  }

  #say() {
    this.update();
    this.querySelector(".page-message p")?.scrollIntoView({ block: "nearest" });
  }

  messageTemplate() {
    const { text = "", good = true, undo = null } = this.message ?? {};
    return html`<div class="page-message" role=${good ? "status" : "alert"}>${
      text
        ? html`<p class=${good ? "notice notice-good" : "alert"}>${text} ${undo ? html`<button type="button" class="linklike" @click=${undo}>${t("undo")}</button>` : nothing}</p>`
        : nothing
    }</div>`;
  }
}
