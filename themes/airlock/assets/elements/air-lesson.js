// A module's page: progress in the course's navigation, and the act of having read it.
import { html, nothing, render } from "lit/html.js";
import { errorText, t } from "../lib/texts.js";
import { showStates } from "./progress.js";
import { api } from "./server.js";

const SIGNS = ["pointerdown", "keydown", "scroll"];
const WIDE = matchMedia("(min-width: 64em)");

class AirLesson extends HTMLElement {
  #signedIn = false;
  #module = null;
  #message = "";
  #refresh = () => this.#load();
  /** On a phone the modules of the course are one tap away instead of above the text. */
  #fold = () => {
    this.querySelector(".course-nav-box").open = WIDE.matches;
  };

  connectedCallback() {
    this.addEventListener("air-graded", this.#refresh);
    this.#fold();
    WIDE.addEventListener("change", this.#fold);
    this.#load();
  }

  disconnectedCallback() {
    this.removeEventListener("air-graded", this.#refresh);
    WIDE.removeEventListener("change", this.#fold);
  }

  async #load() {
    try {
      const { person } = await api.me();
      if (!person) return;
      if (!this.#signedIn) this.#measure(person.id);
      this.#signedIn = true;
      this.#show(await api.get(`/courses/${this.getAttribute("course")}/progress`));
    } catch {
      // Without the API the page reads; there is no progress to show.
    }
  }

  /** Active time is measured from the opening of the page on, and by code that comes with the first sign of life. */
  #measure(person) {
    if (!this.hasAttribute("reads") && !this.querySelector("air-scene")) return;
    const began = performance.now();
    const start = () => {
      for (const sign of SIGNS) document.removeEventListener(sign, start, true);
      import("./air-active.js").then(
        ({ measure }) => measure(person, this.getAttribute("module"), began),
        () => {},
      );
    };
    for (const sign of SIGNS) document.addEventListener(sign, start, { capture: true, passive: true });
  }

  #show({ modules, done, total }) {
    showStates(this, modules);
    this.querySelector("[data-progress]").textContent = t("progress_of", { done, total });
    const bar = this.querySelector("[data-bar]");
    const segments = modules.map((module) => {
      const segment = document.createElement("span");
      segment.dataset.progress = module.state;
      return segment;
    });
    bar.replaceChildren(...segments);
    this.#module = modules.find((module) => module.id === this.getAttribute("module"));
    this.#draw();
    // What changed since, and until when it counts: loaded where there is something to say.
    const { state } = this.#module ?? {};
    if (state === "renew" || (state === "done" && this.hasAttribute("valid")))
      import("./air-renewal.js").then(({ showRenewal }) => showRenewal(this, this.#module)).catch(() => {});
    else this.querySelector(".renewal")?.remove();
  }

  /** Says that the page was read, or is accepted. */
  async markRead() {
    try {
      await api.post(
        `/modules/${this.getAttribute("module")}/reading`,
        { edition: this.getAttribute("edition") },
        { key: crypto.randomUUID() },
      );
      this.#message = "";
      await this.#load();
      this.querySelector(".next-link a")?.focus();
    } catch (error) {
      this.#message = error.passing ? t("read_failed") : errorText(error);
      this.#draw();
    }
  }

  #draw() {
    if (!this.#signedIn || !this.#module || !this.hasAttribute("reads")) return;
    const { read, state } = this.#module;
    const quizOpen = state !== "done" && Number(this.getAttribute("graded")) > 0;
    const first = this.querySelector('air-quiz[mode="graded"] .question');
    this.querySelector(".next-link a")?.classList.toggle("quiet", quizOpen || !read);
    const accepts = this.hasAttribute("accepts");
    const word = state === "done" ? t("state_done") : t(accepts ? "is_accepted" : "is_read");
    render(
      html`${
        read || state === "done"
          ? html`<p class="read-mark" role="status"><span class=${quizOpen ? "tick tick-half" : "tick"} aria-hidden="true"></span>${word}${quizOpen ? html` · ${t("quiz_still_open")} <a href="#${first?.id}">${t("quiz_go")}</a>` : nothing}</p>`
          : html`<p><button type="button" class="button" @click=${() => this.markRead()}>${t(accepts ? "mark_accepted" : this.hasAttribute("replays") ? "mark_watched" : "mark_read")}</button></p>`
      }
      ${this.#message ? html`<p class="alert" role="alert">${this.#message}</p>` : nothing}`,
      this.querySelector("[data-reading]"),
    );
  }
}

customElements.define("air-lesson", AirLesson);
