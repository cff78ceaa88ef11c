// A scene around its quiz: come in by the picture or by words; both lead to the same questions and the same result.
import "./scene-texts.js";
import { html, nothing, render } from "lit/html.js";
import { picked, SceneRun } from "../lib/scene.js";
import { t } from "../lib/texts.js";

const SECOND = 1000;

class AirScene extends HTMLElement {
  #scene;
  #run;
  #stage = null;
  #bar;
  #asked = null;
  #ticking = 0;
  #message = "";
  #finished = false;
  #headset = false;

  connectedCallback() {
    if (this.#scene) return;
    this.#scene = JSON.parse(this.dataset.scene);
    this.#run = new SceneRun(this.#scene);
    this.#bar = document.createElement("div");
    this.#bar.className = "scene-bar";
    this.querySelector(".scene-place").after(this.#bar);
    this.addEventListener("input", this.#answered);
    this.addEventListener("air-result", this.#showResult);
    this.addEventListener("keydown", this.#keyed);
    this.#ticking = setInterval(() => this.#run.clock && this.#draw(), SECOND);
    this.#draw();
    navigator.xr?.isSessionSupported("immersive-vr").then(
      (found) => {
        this.#headset = found;
        this.#draw();
      },
      () => {},
    );
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
    this.#stage?.close();
  }

  get quiz() {
    return this.querySelector("air-quiz");
  }

  get run() {
    return this.#run;
  }

  /** What the quiz hands in with its answers. */
  get report() {
    if (this.#finished || !this.#run.begun) return undefined;
    this.#run.note("finished");
    return this.#run.report;
  }

  question(id) {
    return this.querySelector(`.question[question="${id}"]`);
  }

  /** Address of a file of the scene, as the builder placed it; "" where it is not there. */
  file(name) {
    return this.querySelector(`.scene-files [data-file="${name}"]`)?.href ?? "";
  }

  #renew() {
    if (this.#finished) {
      this.#run = new SceneRun(this.#scene);
      this.#finished = false;
      this.querySelector(".scene-debrief")?.remove();
    }
    this.#message = "";
  }

  #enter = async () => {
    this.#renew();
    try {
      const { openStage } = await import("./scene-stage.js");
      this.#run.enter("screen");
      this.#stage = openStage(this);
    } catch {
      this.#message = t("scene_not_loaded");
    }
    this.#draw();
    this.#stage?.focus();
  };

  #enterWords = () => {
    this.#renew();
    this.leave();
    this.#run.enter("text");
    this.querySelector(".scene-words").open = true;
    this.#draw();
    this.querySelector(".scene-words summary").focus();
  };

  /** Puts the headset on: what it needs is loaded now, and not before. */
  #enterHeadset = async () => {
    this.#renew();
    this.leave();
    try {
      const { enterHeadset } = await import("./scene-headset.js");
      await enterHeadset(this);
      this.leave({ toQuiz: true });
    } catch {
      this.#message = t("scene_headset_failed");
    }
    this.#draw();
  };

  /** Back from the picture to the page; what was answered stands in the quiz. */
  leave({ toQuiz = false } = {}) {
    this.closeQuestion();
    this.#stage?.close();
    this.#stage = null;
    this.#draw();
    if (!toQuiz) return;
    const open = this.quiz.questions.find((question) => !question.answered);
    const next = open ?? this.quiz.querySelector(".quiz-actions");
    next.scrollIntoView({ block: open ? "start" : "center" });
    if (open) open.focusAnswer();
    else next.querySelector("button, a")?.focus({ preventScroll: true });
  }

  /** Several options can be picked at the questions of some kinds. */
  #isSeveral = (question) => !["air-single", "air-truefalse"].includes(question.localName);

  isPicked(hotspot) {
    const [id, option] = hotspot.answer ?? [];
    const response = this.question(id)?.response;
    return Array.isArray(response) ? response.indexOf(option) + 1 : 0;
  }

  /** What acting on a hotspot is called. */
  actText(hotspot) {
    if (hotspot.does) return hotspot.does;
    if (hotspot.answer) {
      const place = this.isPicked(hotspot);
      const kind = this.question(hotspot.answer[0])?.localName;
      if (kind === "air-ordering") return place ? t("scene_taken", { place }) : t("scene_take");
      return t(place ? "scene_marked" : "scene_mark");
    }
    if (hotspot.go) return t("scene_go");
    return hotspot.acts ? t("scene_do") : "";
  }

  /** Does what a hotspot is for; gives what is said about it. */
  act(hotspot) {
    const question = hotspot.answer && this.question(hotspot.answer[0]);
    if (question?.fieldset.disabled) return t("scene_handed_in");
    const refused = this.#run.act(hotspot.id);
    if (refused !== null) return refused || t("scene_refused");
    if (question) {
      question.response = picked(question.response, hotspot.answer[1], this.#isSeveral(question));
      question.changed();
    }
    this.#draw();
    return "";
  }

  /** Shows a question over the picture; it stays where it is in the page. */
  askQuestion(id, back) {
    this.closeQuestion();
    const question = this.question(id);
    if (!question) return;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "scene-close button small";
    close.textContent = t("scene_back");
    close.addEventListener("click", () => this.closeQuestion());
    question.append(close);
    question.classList.add("scene-asked");
    this.#asked = { question, close, back };
    this.#run.note("asked", { id });
    question.focusAnswer();
  }

  closeQuestion() {
    if (!this.#asked) return;
    const { question, close, back } = this.#asked;
    this.#asked = null;
    close.remove();
    question.classList.remove("scene-asked");
    back?.focus();
  }

  #keyed = (event) => {
    if (event.key !== "Escape" || !this.#asked) return;
    event.stopPropagation();
    this.closeQuestion();
  };

  #answered = (event) => {
    const id = event.target.closest(".question")?.question;
    if (id && !this.#finished) this.#run.note("answered", { id });
    this.#draw();
  };

  #showResult = async ({ detail }) => {
    this.leave();
    this.#finished = true;
    this.#draw();
    const { debriefTemplate } = await import("./scene-debrief.js");
    let place = this.querySelector(".scene-debrief");
    if (!place) {
      place = document.createElement("section");
      place.className = "scene-debrief";
      (this.querySelector(".quiz-result")?.parentElement ?? this.quiz).after(place);
    }
    render(debriefTemplate(detail.scene, this.#run.hotspots), place);
  };

  #draw() {
    const { quiz } = this;
    const answered = quiz.questions?.filter((question) => question.answered).length ?? 0;
    const states =
      this.#run.begun && !this.#finished
        ? this.#scene.states.map(({ id, values, labels }) => labels[values.indexOf(this.#run.states[id])])
        : [];
    render(
      html`${
        this.#stage
          ? html`<button type="button" class="button" @click=${() => this.leave({ toQuiz: true })}>${t("scene_leave")}</button>`
          : html`<button type="button" class="button" @click=${this.#enter}>${t(this.#run.begun && !this.#finished ? "scene_go_on" : "scene_enter")}</button>
            ${this.#headset ? html`<button type="button" class="button quiet" @click=${this.#enterHeadset}>${t("scene_headset")}</button>` : nothing}
            <button type="button" class="button quiet" aria-pressed=${String(this.#run.route === "text" && !this.#finished)} @click=${this.#enterWords}>${t("scene_enter_words")}</button>`
      }<span class="scene-count" role="status">${quiz.questions ? t("scene_answered", { done: answered, total: quiz.questions.length }) : nothing}</span>
      ${this.#run.clock ? html`<span class="scene-clock" role="timer">${t("scene_left", { seconds: this.#run.left })}</span>` : nothing}
      ${states.length ? html`<ul class="scene-states" aria-label=${t("scene_states")}>${states.map((label) => html`<li>${label}</li>`)}</ul>` : nothing}
      ${this.#message ? html`<p class="alert" role="alert">${this.#message}</p>` : nothing}`,
      this.#bar,
    );
    this.#drawWords();
    this.#stage?.draw();
  }

  /** The text route: the same list as without a script, with what one can do at each thing. */
  #drawWords() {
    const live = this.#run.route === "text" && !this.#finished;
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

  /** Buttons for what one can do at a thing. */
  actsTemplate(hotspot, after = () => {}) {
    const act = this.actText(hotspot);
    const pressed = hotspot.answer ? String(this.isPicked(hotspot) > 0) : nothing;
    const said = (event) => {
      const message = this.act(hotspot);
      const place = event.target.closest(".scene-acts, .scene-panel")?.querySelector(".scene-said");
      if (place) place.textContent = message;
      after(message);
    };
    return html`${act ? html`<button type="button" class="button small" aria-pressed=${pressed} aria-describedby=${`say-${hotspot.id}`} @click=${said}>${act}<span class="visually-hidden">${t("colon")} ${hotspot.label}</span></button>` : nothing}
      ${hotspot.ask ? html`<button type="button" class="button small" @click=${(event) => this.askQuestion(hotspot.ask, event.target)}>${t("scene_ask")}<span class="visually-hidden">${t("colon")} ${hotspot.label}</span></button>` : nothing}
      <p class="scene-said" role="status" id=${`say-${hotspot.id}`}></p>`;
  }
}

customElements.define("air-scene", AirScene);
