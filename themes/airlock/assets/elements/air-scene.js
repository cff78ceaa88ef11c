// A scene around its quiz: come in by the picture or by words; both lead to the same questions and the same result.
import "./scene-texts.js";
import { html, nothing, render } from "lit/html.js";
import { picked, SceneRun } from "../lib/scene.js";
import { t } from "../lib/texts.js";

const SECOND = 1000;
const ALONE = ["air-single", "air-truefalse"];
const FOCUSABLE = "button:not([disabled]), input:not([disabled]), select:not([disabled]), a[href]";

class AirScene extends HTMLElement {
  #scene;
  #run;
  #stage = null;
  #bar;
  #asked = null;
  #ticking = 0;
  #message = "";
  #said = null;
  #headset = false;
  #overlay = false;
  #entering = false;
  #result = null;
  /** How one is in it: a page that is still loading takes note of it once the quiz is there. */
  #route = "";

  connectedCallback() {
    if (this.#scene) return;
    this.#scene = JSON.parse(this.dataset.scene);
    this.#run = new SceneRun(this.#scene);
    this.#bar = document.createElement("div");
    this.#bar.className = "scene-bar";
    this.querySelector(".scene-place").after(this.#bar);
    this.addEventListener("input", this.#answered);
    document.addEventListener("keydown", this.#keyed, true);
    this.#ticking = setInterval(() => this.#run.clock && this.#draw(), SECOND);
    customElements.whenDefined("air-quiz").then(() => this.sync());
    this.#draw();
    this.#lookForDevices().catch(() => {});
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
    document.removeEventListener("keydown", this.#keyed, true);
    this.#stage?.close();
  }

  /** Whether there is a headset, and a camera over whose picture a model can be laid. */
  async #lookForDevices() {
    if (!navigator.xr) return;
    this.#headset = await navigator.xr.isSessionSupported("immersive-vr");
    this.#overlay = this.#solids.length > 0 && (await navigator.xr.isSessionSupported("immersive-ar"));
    this.#draw();
  }

  get #solids() {
    return this.#scene.views.filter((view) => view.model);
  }

  /** Where there is no WebXR, Quick Look shows a model in its true size. */
  #quickLook() {
    const usdz = this.#solids.map(({ model }) => this.file(model.replace(/\.glb$/, ".usdz"))).find(Boolean);
    if (this.#overlay || !usdz || !document.createElement("a").relList.supports("ar")) return nothing;
    return html`<a class="button quiet" rel="ar" href=${usdz}><img class="scene-ar" src=${this.querySelector(".scene-poster").src} alt="">${t("scene_overlay")}</a>`;
  }

  get quiz() {
    return this.querySelector("air-quiz");
  }

  get run() {
    return this.#run;
  }

  /** Whether something can be done in it: what was handed in is looked at, and changed no more. */
  get #isOpen() {
    return this.quiz.isOpen ?? false;
  }

  question(id) {
    return this.querySelector(`.question[question="${id}"]`);
  }

  /** Address of a file of the scene, as the builder placed it; "" where it is not there. */
  file(name) {
    return this.querySelector(`.scene-files [data-file="${name}"]`)?.href ?? "";
  }

  /** Told by the quiz whenever it was drawn. It has the draft: with it, what was done here goes on, or begins anew. */
  sync(result = null) {
    if (result && result !== this.#result) this.#showResult(result);
    this.#result = result;
    if (this.#isOpen) {
      const { scene } = this.quiz;
      if (scene && !this.#run.begun) {
        this.#run.resume(scene);
      } else if (!scene && this.#run.begun) {
        this.#run = new SceneRun(this.#scene);
        this.leave();
        this.#message = "";
        this.#said = null;
      }
      this.querySelector(".scene-debrief")?.remove();
      if (this.#route && this.#route !== this.#run.route) this.#enterBy(this.#route);
    }
    this.#draw();
  }

  /** What was done is kept with the answers: a page that is loaded again knows it. */
  keep() {
    if (this.#isOpen && this.#run.begun) this.quiz.scene = this.#run.saved;
  }

  #enterBy(route) {
    this.#message = "";
    this.#route = route;
    if (this.#isOpen) this.#run.enter(route);
    this.keep();
  }

  #enter = async () => {
    if (this.#entering || this.#stage) return;
    this.#entering = true;
    this.#draw();
    try {
      const { openStage } = await import("./scene-stage.js");
      this.#enterBy("screen");
      this.#stage = openStage(this);
    } catch {
      this.#message = t("scene_not_loaded");
    }
    this.#entering = false;
    this.#draw();
    this.#stage?.focus();
  };

  #enterWords = () => {
    this.leave();
    this.#enterBy("text");
    this.querySelector(".scene-words").open = true;
    this.#draw();
    this.querySelector(".scene-words summary").focus();
  };

  /** Puts the headset on: what it needs is loaded now, and not before. */
  #enterHeadset = async (mode) => {
    if (this.#entering) return;
    this.#entering = true;
    this.leave();
    try {
      const { enterHeadset } = await import("./scene-headset.js");
      await enterHeadset(this, mode, (route) => this.#enterBy(route));
      this.leave({ toQuiz: true });
    } catch {
      this.#message = t("scene_headset_failed");
    }
    this.#entering = false;
    this.#draw();
  };

  /** Back from the picture to the page; what was answered stands in the quiz. */
  leave({ toQuiz = false } = {}) {
    this.closeQuestion();
    this.keep();
    this.#stage?.close();
    this.#stage = null;
    this.#route = "";
    this.#draw();
    if (!toQuiz) return;
    const open = this.quiz.questions.find((question) => !question.answered);
    const next = open ?? this.quiz.querySelector(".quiz-actions");
    next.scrollIntoView({ block: open ? "start" : "center" });
    if (open) open.focusAnswer();
    else next.querySelector("button, a")?.focus({ preventScroll: true });
  }

  isPicked(hotspot) {
    const [id, option] = hotspot.answer ?? [];
    const response = this.question(id)?.response;
    return Array.isArray(response) ? response.indexOf(option) + 1 : 0;
  }

  /** What acting on a hotspot is called. */
  actText(hotspot) {
    const place = this.isPicked(hotspot);
    const isOrder = hotspot.answer && this.question(hotspot.answer[0])?.localName === "air-ordering";
    if (isOrder && place) return t("scene_taken", { place });
    if (hotspot.does) return hotspot.does;
    if (hotspot.answer) return isOrder ? t("scene_take") : t(place ? "scene_marked" : "scene_mark");
    if (hotspot.go) return t("scene_go");
    return hotspot.acts ? t("scene_do") : "";
  }

  /** What was said last about a hotspot. */
  saidOf(hotspot) {
    return this.#said?.id === hotspot.id ? this.#said.text : "";
  }

  tell(hotspot, text) {
    this.#said = { id: hotspot.id, text };
  }

  /** Does what a hotspot is for; gives what is said about it. */
  act(hotspot) {
    const text = this.#act(hotspot);
    this.tell(hotspot, text);
    this.keep();
    this.#draw();
    return text;
  }

  #act(hotspot) {
    if (!this.#isOpen) return t("scene_handed_in");
    const view = this.#run.view;
    const refused = this.#run.act(hotspot.id);
    if (refused !== null) return refused || t("scene_refused");
    const question = hotspot.answer && this.question(hotspot.answer[0]);
    if (question) {
      question.response = picked(question.response, hotspot.answer[1], !ALONE.includes(question.localName));
      question.changed();
    }
    if (view !== this.#run.view) queueMicrotask(() => this.#focusView());
    return "";
  }

  /** After going elsewhere, one reads on where one is. */
  #focusView() {
    if (this.#stage) this.#stage.focus();
    else this.querySelector(".scene-words summary").focus();
  }

  /** Shows the question of a hotspot over the picture; it stays where it is in the page. */
  askQuestion(hotspot, back) {
    const refused = this.#run.refusal(hotspot.id);
    this.#said = refused === null ? null : { id: hotspot.id, text: refused || t("scene_refused") };
    this.closeQuestion();
    const question = refused === null && this.question(hotspot.ask);
    if (!question) {
      this.#draw();
      return;
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "scene-close button small";
    close.textContent = t("scene_back");
    close.addEventListener("click", () => this.closeQuestion());
    question.append(close);
    question.classList.add("scene-asked");
    question.setAttribute("role", "dialog");
    question.setAttribute("aria-modal", "true");
    question.setAttribute("aria-label", question.querySelector(".stem-text").textContent.trim().slice(0, 120));
    this.#asked = { question, close, back };
    this.#run.note("asked", { id: hotspot.ask });
    this.keep();
    (question.fieldset.disabled ? close : question).focusAnswer?.();
    if (!question.contains(document.activeElement)) close.focus();
  }

  closeQuestion() {
    if (!this.#asked) return;
    const { question, close, back } = this.#asked;
    this.#asked = null;
    close.remove();
    question.classList.remove("scene-asked");
    for (const name of ["role", "aria-modal", "aria-label"]) question.removeAttribute(name);
    (back?.isConnected ? back : this.#bar.querySelector("button"))?.focus();
  }

  /** While a question is asked, Escape leads back, and Tab stays in it. */
  #keyed = (event) => {
    if (!this.#asked) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.closeQuestion();
    } else if (event.key === "Tab") {
      const all = [...this.#asked.question.querySelectorAll(FOCUSABLE)].filter((one) => one.offsetParent);
      const end = event.shiftKey ? all[0] : all.at(-1);
      if (document.activeElement !== end && this.#asked.question.contains(document.activeElement)) return;
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0]).focus();
    }
  };

  #answered = (event) => {
    const id = event.target.closest(".question")?.question;
    if (id && this.#isOpen) this.#run.note("answered", { id });
    this.keep();
    this.#draw();
  };

  async #showResult(result) {
    this.leave();
    const { debriefTemplate } = await import("./scene-debrief.js");
    // A practice quiz is marked here, and so is told what was done.
    const own =
      result.practice && this.#run.begun ? { ...this.#run.saved.report, breaches: [], detection: null } : null;
    let place = this.querySelector(".scene-debrief");
    if (!place) {
      place = document.createElement("section");
      place.className = "scene-debrief";
      (this.querySelector(".quiz-result")?.parentElement ?? this.quiz).after(place);
    }
    render(debriefTemplate(result.scene ?? own, this.#run.hotspots), place);
  }

  #draw() {
    const { quiz } = this;
    const answered = quiz.questions?.filter((question) => question.answered).length ?? 0;
    const states = this.#run.begun
      ? this.#scene.states.map(({ id, values, labels }) => labels[values.indexOf(this.#run.states[id])])
      : [];
    const inWords = this.#run.route === "text" && this.#isOpen && !this.#stage;
    render(
      html`${
        this.#stage
          ? html`<button type="button" class="button" @click=${() => this.leave({ toQuiz: true })}>${t("scene_leave")}</button>`
          : html`<button type="button" class="button" ?disabled=${this.#entering} @click=${this.#enter}>${t(this.#run.begun && this.#isOpen ? "scene_go_on" : "scene_enter")}</button>
            ${this.#headset ? html`<button type="button" class="button quiet" ?disabled=${this.#entering} @click=${() => this.#enterHeadset("immersive-vr")}>${t("scene_headset")}</button>` : nothing}
            ${this.#overlay ? html`<button type="button" class="button quiet" ?disabled=${this.#entering} @click=${() => this.#enterHeadset("immersive-ar")}>${t("scene_overlay")}</button>` : nothing}
            ${this.#quickLook()}
            <button type="button" class="button quiet" aria-pressed=${String(inWords)} @click=${this.#enterWords}>${t("scene_enter_words")}</button>`
      }<span class="scene-count" role="status">${quiz.questions ? t("scene_answered", { done: answered, total: quiz.questions.length }) : nothing}</span>
      ${this.#run.clock && this.#isOpen ? html`<span class="scene-clock" role="timer">${this.#run.left ? t("scene_left", { seconds: this.#run.left }) : t("scene_over")}</span>` : nothing}
      ${states.length && this.#isOpen ? html`<ul class="scene-states" aria-label=${t("scene_states")}>${states.map((label) => html`<li>${label}</li>`)}</ul>` : nothing}
      ${this.#message ? html`<p class="alert" role="alert">${this.#message}</p>` : nothing}`,
      this.#bar,
    );
    this.#drawWords(inWords);
    this.#stage?.draw();
  }

  /** The text route: the same list as without a script, with what one can do at each thing. */
  #drawWords(live) {
    for (const view of this.#scene.views) {
      const part = this.querySelector(`.scene-words [data-view="${view.id}"]`);
      part.hidden = live && view.id !== this.#run.view;
      for (const hotspot of view.hotspots) {
        const line = part.querySelector(`[data-hotspot="${hotspot.id}"]`);
        let place = line.querySelector(".scene-acts");
        if (!place) {
          place = document.createElement("div");
          place.className = "scene-acts";
          line.append(place);
        }
        render(live ? this.actsTemplate(hotspot) : nothing, place);
      }
    }
  }

  /** Buttons for what one can do at a thing, and what was said about it. */
  actsTemplate(hotspot) {
    const act = this.actText(hotspot);
    const pressed = hotspot.answer ? String(this.isPicked(hotspot) > 0) : nothing;
    const named = html`<span class="visually-hidden">${t("colon")} ${hotspot.label}</span>`;
    return html`${act ? html`<button type="button" class="button small" aria-pressed=${pressed} @click=${() => this.act(hotspot)}>${act}${named}</button>` : nothing}
      ${hotspot.ask ? html`<button type="button" class="button small" @click=${(event) => this.askQuestion(hotspot, event.currentTarget)}>${t("scene_ask")}${named}</button>` : nothing}
      <p class="scene-said" role="status">${this.saidOf(hotspot)}</p>`;
  }
}

customElements.define("air-scene", AirScene);
