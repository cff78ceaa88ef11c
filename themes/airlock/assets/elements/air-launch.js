// A program that is not ours: begun in this browser or, with a code, on a headset; and what came of it.
import "./scene-texts.js";
import { html, nothing, render } from "lit/html.js";
import { dateAndTime, share } from "../lib/format.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { api } from "./server.js";

const AGAIN = 10_000;

class AirLaunch extends HTMLElement {
  #launches = [];
  #code = null;
  #message = "";
  #busy = false;
  #timer = null;
  #seen = () => document.visibilityState === "visible" && this.#look();

  async connectedCallback() {
    this.replaceChildren();
    try {
      if (!(await api.me()).person) {
        const back = `${this.getAttribute("sign-in")}?next=${encodeURIComponent(location.pathname)}`;
        render(html`<p>${t("launch_sign_in")}</p><p><a class="button" href=${back}>${t("page_sign_in")}</a></p>`, this);
        return;
      }
      document.addEventListener("visibilitychange", this.#seen);
      await this.#look();
    } catch (error) {
      render(html`<p class="hint">${error.code === "no_server" ? t("launch_no_server") : errorText(error)}</p>`, this);
    }
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#seen);
    clearTimeout(this.#timer);
  }

  get #module() {
    return this.getAttribute("module");
  }

  /** Where one's sessions stand; while a code waits to be typed, again and again. */
  async #look() {
    clearTimeout(this.#timer);
    const before = JSON.stringify(this.#launches);
    try {
      this.#launches = (await api.get(`/launches?module=${encodeURIComponent(this.#module)}`)).launches;
      if (this.#code && (this.#launches[0]?.said.length || Date.parse(this.#code.ends_at) < Date.now()))
        this.#code = null;
    } catch (error) {
      if (!error.passing) throw error;
    }
    if (this.#code) this.#timer = setTimeout(() => this.#look().catch(() => {}), AGAIN);
    const changed = before !== JSON.stringify(this.#launches);
    if (changed) this.dispatchEvent(new CustomEvent("air-graded", { bubbles: true }));
    this.#draw();
  }

  async #begin(code) {
    this.#busy = true;
    this.#message = "";
    this.#draw();
    try {
      const body = { module: this.#module, edition: this.getAttribute("edition"), back: location.pathname, code };
      const begun = await api.post("/launches", body, { key: crypto.randomUUID() });
      if (!code) {
        location.assign(begun.url);
        return;
      }
      this.#code = begun;
      await this.#look();
    } catch (error) {
      this.#message = errorText(error);
    }
    this.#busy = false;
    this.#draw();
  }

  #draw() {
    const inBrowser = this.hasAttribute("browser");
    render(
      html`<div class="scene-bar">
          ${inBrowser ? html`<button type="button" class="button" ?disabled=${this.#busy} @click=${() => this.#begin(false)}>${t("launch_here")}</button>` : nothing}
          <button type="button" class="button ${inBrowser ? "quiet" : ""}" ?disabled=${this.#busy} @click=${() => this.#begin(true)}>${t("launch_headset")}</button>
        </div>
        <div role="status">${this.#code ? this.#codeTemplate() : nothing}${this.#message ? html`<p class="notice notice-bad">${this.#message}</p>` : nothing}</div>
        ${this.#launches.length ? this.#listTemplate() : nothing}`,
      this,
    );
  }

  #codeTemplate() {
    const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(
      new Date(this.#code.ends_at),
    );
    return html`<div class="notice launch-code"><p>${t("launch_code", { time })}</p>
      <p><b translate="no">${this.#code.code.slice(0, 4)} ${this.#code.code.slice(4)}</b></p></div>`;
  }

  #listTemplate() {
    const word = ({ said, ended_at: ended }) =>
      ["passed", "failed", "completed", "initialized"].find((one) => said.includes(one)) ??
      (ended ? "unused" : "waiting");
    return html`<section class="launch-list" aria-label=${t("launch_sessions")}><h2>${t("launch_sessions")}</h2><ul>
      ${this.#launches.map(
        (one) =>
          html`<li>${dateAndTime(one.at, locale)}${t("colon")} <b>${t(`launch_${word(one)}`)}</b>${
            one.score === null || !["passed", "failed"].includes(word(one)) ? nothing : ` · ${share(one.score, lang)}`
          }</li>`,
      )}</ul></section>`;
  }
}

customElements.define("air-launch", AirLaunch);
