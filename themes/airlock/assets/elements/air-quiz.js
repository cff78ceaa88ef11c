// A quiz: around the form that the builder wrote. Practice quizzes are marked here, graded ones by the server alone.
import "airlock:kinds";
import { html, nothing, render } from "lit/html.js";
import { Drafts } from "../lib/drafts.js";
import { longDate, percent } from "../lib/format.js";
import { summarise } from "../lib/marking.js";
import { errorText, locale, t } from "../lib/texts.js";
import { api, storage } from "./server.js";

const drafts = new Drafts(storage);

class AirQuiz extends HTMLElement {
  #person = null;
  #phase = "loading"; // loading, nobody, no-server, open, sending, result
  #history = { attempts: [], attempts_left: null };
  #draft = { responses: {} };
  #result = null;
  #message = "";
  #confirming = false;
  #place = 0;
  #starting = null;
  #waiting = false;
  #online = () => {
    if (this.#waiting) this.#send({ again: true });
  };

  connectedCallback() {
    this.#lesson = this.closest("air-lesson");
    this.#head = Object.assign(document.createElement("div"), { className: "quiz-head" });
    this.#panel = Object.assign(document.createElement("div"), { className: "quiz-panel" });
    this.prepend(this.#head, this.#panel);
    this.#form = this.querySelector("form");
    this.#form.addEventListener("submit", this.#submitted);
    this.#form.addEventListener("input", this.#changed);
    addEventListener("online", this.#online);
    this.#open();
  }

  disconnectedCallback() {
    this.#form.removeEventListener("submit", this.#submitted);
    this.#form.removeEventListener("input", this.#changed);
    removeEventListener("online", this.#online);
  }

  #lesson;
  #form;
  #head;
  #panel;

  get practice() {
    return this.getAttribute("mode") === "practice";
  }

  get oneByOne() {
    return this.getAttribute("show") === "one" && this.questions.length > 1;
  }

  get questions() {
    return [...this.querySelectorAll(".question")];
  }

  get #key() {
    return Drafts.key(
      this.#person?.id,
      this.#lesson?.getAttribute("module") ?? location.pathname,
      this.getAttribute("quiz"),
    );
  }

  async #open() {
    const module = this.#lesson?.getAttribute("module");
    // On a slow connection one answers before this script is there.
    const early = this.#responses();
    this.#restore(drafts.read(this.#key));
    this.#keep(early);
    if (this.practice) {
      this.#phase = "open";
      this.#draw();
      return;
    }
    this.#draw();
    try {
      this.#person = (await api.me()).person;
      if (!this.#person) {
        this.#phase = "nobody";
      } else {
        this.#restore(drafts.adopt(this.#person.id, module, this.getAttribute("quiz")));
        this.#keep(early);
        await this.#loadHistory();
        this.#phase = "open";
        if (this.#draft.submitKey) this.#send({ again: true });
      }
    } catch (error) {
      // Without a connection one can go on answering; without an API there is nobody to mark the answers.
      this.#phase = error.code === "no_server" ? "no-server" : "open";
      if (error.code === "offline" && api.lastPerson) {
        this.#person = { id: api.lastPerson };
        this.#restore(drafts.read(this.#key));
        this.#keep(early);
      }
    }
    this.#draw();
  }

  async #loadHistory() {
    const query = new URLSearchParams({ module: this.#lesson.getAttribute("module"), quiz: this.getAttribute("quiz") });
    this.#history = await api.get(`/attempts?${query}`);
  }

  #restore(draft) {
    if (!draft) return;
    this.#draft = draft;
    for (const question of this.questions) {
      if (question.question in draft.responses) question.response = draft.responses[question.question];
    }
  }

  /** Adds answers that the page already had to the draft. */
  #keep(responses) {
    if (!Object.keys(responses).length) return;
    this.#restore({ ...this.#draft, responses: { ...this.#draft.responses, ...responses } });
    drafts.write(this.#key, this.#draft);
  }

  #responses() {
    const responses = {};
    for (const question of this.questions) {
      if (question.answered) responses[question.question] = question.response;
    }
    return responses;
  }

  #changed = () => {
    if (this.#phase === "result" || this.#phase === "sending") return;
    const edition = this.#lesson?.getAttribute("edition");
    this.#draft = { ...this.#draft, responses: this.#responses(), edition, submitKey: null };
    drafts.write(this.#key, this.#draft);
    if (this.#confirming) {
      this.#confirming = false;
      this.#draw();
    }
    if (this.#person && !this.practice) this.#start().catch(() => {});
  };

  /** Tells the server that an attempt has begun, at the first answer; a failure is made good when handing in. */
  #start() {
    if (this.#draft.attempt) return Promise.resolve(this.#draft.attempt);
    this.#starting ??= (async () => {
      this.#draft.startKey ??= crypto.randomUUID();
      drafts.write(this.#key, this.#draft);
      const attempt = await api.post(
        "/attempts",
        {
          module: this.#lesson.getAttribute("module"),
          quiz: this.getAttribute("quiz"),
          edition: this.#lesson.getAttribute("edition"),
          lang: this.getAttribute("lang"),
        },
        { key: this.#draft.startKey },
      );
      this.#draft.attempt = attempt.id;
      drafts.write(this.#key, this.#draft);
      return attempt.id;
    })().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  #submitted = (event) => {
    event.preventDefault();
    if (this.#phase !== "open") return;
    if (this.practice) {
      this.#markHere();
      return;
    }
    const missing = this.questions.filter((question) => !question.answered);
    if (missing.length && !this.#confirming) {
      this.#confirming = true;
      this.#draw();
      this.querySelector(".quiz-confirm button").focus();
      return;
    }
    this.#send();
  };

  /** Hands in; `again` sends what was on its way before, with its own key and the edition it was answered on. */
  async #send({ again = false } = {}) {
    this.#confirming = false;
    this.#message = "";
    this.#waiting = false;
    this.#phase = "sending";
    if (!again) {
      const sent = { responses: this.#responses(), edition: this.#lesson.getAttribute("edition") };
      const { responses, edition } = this.#draft;
      // Other answers are another request: they get a key of their own.
      if (JSON.stringify(sent) !== JSON.stringify({ responses, edition })) this.#draft.submitKey = null;
      Object.assign(this.#draft, sent);
    }
    this.#draft.submitKey ??= crypto.randomUUID();
    drafts.write(this.#key, this.#draft);
    this.#lock(true);
    this.#draw();
    try {
      const id = await this.#start();
      const result = await api.post(
        `/attempts/${id}/submission`,
        {
          responses: this.#draft.responses,
          edition: this.#draft.edition,
          lang: this.getAttribute("lang"),
        },
        { key: this.#draft.submitKey },
      );
      this.#finish(result);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error) {
    if (error.code === "attempt_submitted" || error.code === "idempotency_conflict") {
      // Another tab handed it in first: what the server has is the result.
      const result = await api.get(`/attempts/${this.#draft.attempt}`).catch(() => null);
      if (result) {
        this.#finish(result);
        return;
      }
    }
    this.#waiting = error.passing;
    if (!error.passing) this.#draft.submitKey = null;
    if (error.code === "not_found" || error.code === "edition_unknown") {
      this.#draft = { ...this.#draft, attempt: null, startKey: null };
    }
    drafts.write(this.#key, this.#draft);
    this.#phase = "open";
    this.#lock(false);
    this.#message =
      error.code === "edition_unknown" ? t("quiz_changed") : t("quiz_failed_send", { reason: errorText(error) });
    this.#draw();
  }

  #finish(result) {
    drafts.remove(this.#key);
    this.#draft = { responses: {} };
    this.#showResult(result);
    this.#loadHistory().then(
      () => this.#draw(),
      () => {},
    );
    this.dispatchEvent(new CustomEvent("air-graded", { bubbles: true, detail: { passed: result.passed } }));
  }

  #showResult(result) {
    this.#result = result;
    this.#phase = "result";
    const byId = new Map(result.questions.map((question) => [question.id, question]));
    for (const element of this.questions) {
      const grade = byId.get(element.question);
      if (!grade) continue;
      element.response = grade.response;
      element.showGrade(grade, grade.key);
    }
    this.#lock(true);
    this.#draw();
    this.querySelector(".quiz-result h3").focus();
  }

  #markHere() {
    const grades = this.questions.map((element) => {
      const grade = element.mark();
      element.showGrade(grade, element.practiceKey());
      return grade;
    });
    this.#result = { practice: true, ...summarise(grades) };
    this.#phase = "result";
    this.#lock(true);
    this.#draw();
    this.querySelector(".quiz-result h3").focus();
  }

  #again() {
    this.#result = null;
    this.#phase = "open";
    this.#place = 0;
    this.#draft = { responses: {} };
    drafts.remove(this.#key);
    for (const element of this.questions) {
      element.clearGrade();
      element.response = null;
    }
    this.#lock(false);
    this.#draw();
    this.questions[0].querySelector("input")?.focus();
  }

  #lock(locked) {
    for (const element of this.questions) element.lock(locked);
  }

  async #showLast() {
    const last = this.#history.attempts.find((attempt) => attempt.submitted_at);
    try {
      this.#showResult(await api.get(`/attempts/${last.id}`));
    } catch (error) {
      this.#message = errorText(error);
      this.#draw();
    }
  }

  #go(step) {
    this.#place = Math.max(0, Math.min(this.questions.length - 1, this.#place + step));
    this.#draw();
    const stem = this.questions[this.#place].querySelector(".stem");
    stem.tabIndex = -1;
    stem.focus();
  }

  get #attemptsLeft() {
    return this.#history.attempts_left;
  }

  #draw() {
    render(this.#headTemplate(), this.#head);
    render(this.#panelTemplate(), this.#panel);
    render(this.#actionsTemplate(), this.querySelector(".quiz-actions"));
    const single = this.oneByOne && this.#phase !== "result";
    this.questions.forEach((element, index) => {
      element.hidden = single && index !== this.#place;
    });
    this.toggleAttribute("busy", this.#phase === "sending");
  }

  #headTemplate() {
    const count = this.questions.length;
    const questions = count === 1 ? t("quiz_question_one") : t("quiz_questions", { count });
    if (this.practice) return html`<p class="quiz-facts"><span>${t("quiz_practice")}</span></p>`;
    const max = this.getAttribute("attempts");
    const done = this.#history.attempts.filter((attempt) => attempt.submitted_at).length;
    const number = Math.min(done + (this.#phase === "result" ? 0 : 1), Number(max) || Infinity);
    const attempt = !this.#person
      ? nothing
      : max
        ? t("quiz_attempt_of", { number, max })
        : t("quiz_attempt", { number });
    return html`<p class="quiz-facts"><strong>${t("quiz_graded")}</strong><span>${questions}</span><span>${t("quiz_pass_at", { pass: this.getAttribute("pass") })}</span>${attempt === nothing ? nothing : html`<span>${attempt}</span>`}</p>`;
  }

  #panelTemplate() {
    if (this.#phase === "nobody") {
      const link = document.querySelector("air-account")?.getAttribute("sign-in") ?? "#";
      const next = encodeURIComponent(location.pathname);
      return html`<p class="notice">${t("quiz_sign_in")} <a class="button small" href="${link}?next=${next}">${t("page_sign_in")}</a></p>`;
    }
    if (this.#phase === "no-server") return html`<p class="notice">${t("quiz_no_server")}</p>`;
    if (this.#phase === "result") return this.#resultTemplate();
    const last = this.#history.attempts.find((attempt) => attempt.submitted_at);
    if (!last) return nothing;
    const best = Math.max(
      ...this.#history.attempts.filter((attempt) => attempt.submitted_at).map((attempt) => attempt.score),
    );
    const passed = this.#history.attempts.some((attempt) => attempt.passed);
    return html`<div class="notice ${passed ? "notice-good" : ""}">
      <p><strong>${passed ? t("quiz_passed") : t("quiz_not_passed")}</strong> · ${t("quiz_best", { score: percent(best) })}</p>
      ${this.#attemptsLeft === 0 ? html`<p>${t("quiz_none_left")}</p>` : nothing}
      <p><button type="button" class="button quiet small" @click=${() => this.#showLast()}>${t("quiz_show_result")}</button></p>
    </div>`;
  }

  #resultTemplate() {
    const { practice, score, right, total, passed, questions } = this.#result;
    const count = practice ? total : questions.length;
    const rightCount = practice ? right : questions.filter((question) => question.correct).length;
    const line = t("quiz_score", { score: percent(score), right: rightCount, count });
    if (practice && total === 1) {
      return html`<div class="quiz-result" data-passed=${String(right === total)}><h3 tabindex="-1"><span class="mark" aria-hidden="true"></span>${t(right ? "answer_right" : "answer_wrong")}</h3></div>`;
    }
    if (practice) {
      return html`<div class="quiz-result" data-passed=${String(right === total)}><h3 tabindex="-1">${line}</h3></div>`;
    }
    const left = this.#attemptsLeft;
    return html`<div class="quiz-result" data-passed=${String(passed)}>
      <h3 tabindex="-1"><span class="mark" aria-hidden="true"></span>${passed ? t("quiz_passed") : t("quiz_not_passed")}</h3>
      <p>${line}</p>
      ${this.#result.failed_critical.length ? html`<p><strong>${t("quiz_failed_critical")}</strong></p>` : nothing}
      ${this.#result.released ? nothing : html`<p>${t(this.getAttribute("release") === "closed" ? "quiz_hidden_closed" : "quiz_hidden")}</p>`}
      ${passed || left === null ? nothing : html`<p>${left === 0 ? t("quiz_none_left") : left === 1 ? t("quiz_left_one") : t("quiz_left", { count: left })}</p>`}
      ${passed || left === 0 ? nothing : html`<p><button type="button" class="button small" @click=${() => this.#again()}>${t("quiz_again")}</button></p>`}
      ${this.#historyTemplate()}
    </div>`;
  }

  #historyTemplate() {
    const done = this.#history.attempts.filter((attempt) => attempt.submitted_at);
    if (done.length < 2) return nothing;
    return html`<details class="history"><summary>${t("history")}</summary>
      <ul>${done.map((attempt) => html`<li>${t("history_line", { number: attempt.number, date: longDate(attempt.submitted_at, locale), score: percent(attempt.score) })}${attempt.passed ? html` · ${t("quiz_passed")}` : nothing}</li>`)}</ul>
    </details>`;
  }

  #actionsTemplate() {
    if (this.#phase === "result") {
      const may = this.practice || this.#attemptsLeft !== 0;
      return may
        ? html`<button type="button" class="button quiet" @click=${() => this.#again()}>${t("quiz_again")}</button>`
        : nothing;
    }
    const missing = this.questions.filter((question) => !question.answered);
    const sending = this.#phase === "sending";
    const can = this.practice || (this.#phase === "open" && this.#attemptsLeft !== 0) || sending;
    const last = !this.oneByOne || this.#place === this.questions.length - 1;
    return html`
      ${this.#message ? html`<p class="alert" role="alert">${this.#message}</p>` : nothing}
      ${this.oneByOne ? html`<p class="quiz-place" role="status">${t("quiz_place", { number: this.#place + 1, count: this.questions.length })}</p>` : nothing}
      ${
        this.#confirming
          ? html`<div class="quiz-confirm" role="alertdialog" aria-labelledby="confirm-${this.getAttribute("quiz")}">
            <p id="confirm-${this.getAttribute("quiz")}">${missing.length === 1 ? t("quiz_unanswered_one") : t("quiz_unanswered", { count: missing.length })}</p>
            <button type="button" class="button" @click=${() => this.#goTo(missing[0])}>${t("quiz_go_to_open")}</button>
            <button type="submit" class="button quiet">${t("quiz_submit_anyway")}</button>
          </div>`
          : html`<div class="quiz-buttons">
            ${this.oneByOne && this.#place > 0 ? html`<button type="button" class="button quiet" @click=${() => this.#go(-1)}>${t("quiz_previous")}</button>` : nothing}
            ${last ? nothing : html`<button type="button" class="button" @click=${() => this.#go(1)}>${t("quiz_next")}</button>`}
            ${last && can ? html`<button type="submit" class="button" aria-disabled=${String(sending)}>${sending ? t("quiz_submitting") : this.practice ? t("quiz_check") : this.#message ? t("retry") : t("quiz_submit")}</button>` : nothing}
          </div>`
      }
      ${sending ? html`<progress aria-label=${t("quiz_submitting")}></progress>` : nothing}`;
  }

  #goTo(question) {
    this.#confirming = false;
    this.#place = this.questions.indexOf(question);
    this.#draw();
    question.querySelector("input")?.focus();
    question.scrollIntoView({ block: "center" });
  }
}

customElements.define("air-quiz", AirQuiz);
