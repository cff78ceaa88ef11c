// A quiz: around the form that the builder wrote. Practice quizzes are marked here, graded ones by the server alone.
import "airlock:kinds";
import { nothing, render } from "lit/html.js";
import { timeWords } from "../lib/clock.js";
import { Drafts } from "../lib/drafts.js";
import { summarise } from "../lib/marking.js";
import { errorText, t } from "../lib/texts.js";
import { liveRegion } from "./question.js";
import { QuizClock } from "./quiz-clock.js";
import { questionOf } from "./quiz-paper.js";
import * as parts from "./quiz-parts.js";
import { api, storage } from "./server.js";

export { questionOf };

const drafts = new Drafts(storage);
const A_MOMENT = 1000;
const FIRST_RETRY = 10_000;
const LAST_RETRY = 60_000;

class AirQuiz extends HTMLElement {
  #person = null;
  #phase = "loading"; // loading, nobody, no-server, open, sending, result
  #history = { attempts: [], attempts_left: null, next_at: null };
  #draft = { responses: {} };
  #result = null;
  #message = "";
  #confirming = false;
  #place = 0;
  #starting = null;
  #waiting = false;
  #clock = new QuizClock({
    tick: () => render(this.#headTemplate(), this.#head),
    warn: (left) => {
      const { key, values } = timeWords(left);
      this.#live.textContent = t("time_warning", { left: t(key, values) });
    },
    over: () => {
      this.#live.textContent = t("time_over");
      if (this.#phase === "open") this.#send({ asItIs: true });
    },
  });
  #retrying = 0;
  #pause = FIRST_RETRY;
  #redrawing = 0;
  #looking = false; // At the result of an earlier attempt.
  #early = nothing; // Whose answers are these, that were here before?
  #lesson;
  #form;
  #head;
  #panel;
  #live;
  #online = () => {
    if (this.#waiting) this.#send({ again: true });
  };
  /** Another tab wrote the draft: its answers are shown here too. */
  #elsewhere = ({ key }) => {
    if (key !== this.#key || this.#phase !== "open") return;
    const draft = drafts.read(key);
    if (draft && (draft.attempt ?? null) === (this.#draft.attempt ?? null)) this.#restore(draft);
  };
  #seen = () => {
    if (!document.hidden && this.#clock.left !== null) this.#loadPaper(this.#draft.attempt).catch(() => {});
  };

  connectedCallback() {
    // Moved within the page: what was put around the form is put there anew.
    for (const part of [this.#head, this.#panel, this.#live]) part?.remove();
    this.#lesson = this.closest("air-lesson");
    this.#head = Object.assign(document.createElement("div"), { className: "quiz-head" });
    this.#panel = Object.assign(document.createElement("div"), { className: "quiz-panel" });
    this.#live = liveRegion();
    this.prepend(this.#head, this.#panel, this.#live);
    this.#form = this.querySelector("form");
    this.#form.addEventListener("submit", this.#submitted);
    this.#form.addEventListener("input", this.#changed);
    addEventListener("online", this.#online);
    addEventListener("storage", this.#elsewhere);
    document.addEventListener("visibilitychange", this.#seen);
    this.#open();
  }

  disconnectedCallback() {
    this.#form.removeEventListener("submit", this.#submitted);
    this.#form.removeEventListener("input", this.#changed);
    removeEventListener("online", this.#online);
    removeEventListener("storage", this.#elsewhere);
    clearTimeout(this.#retrying);
    clearTimeout(this.#redrawing);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#clock.stop();
  }

  get practice() {
    return this.getAttribute("mode") === "practice";
  }

  /** How many questions are handed out when an attempt begins; 0 where they stand in the page. */
  get handedOut() {
    return Number(this.getAttribute("handed-out") ?? 0);
  }

  get oneByOne() {
    return this.getAttribute("show") === "one" && this.questions.length > 1;
  }

  get questions() {
    return [...this.querySelectorAll(".question:not([data-aside])")];
  }

  get isOpen() {
    return /^(open|no)/.test(this.#phase);
  }

  /** What was done in the scene around it is a part of the draft. */
  get scene() {
    return this.#draft.scene;
  }

  set scene(run) {
    this.#draft.scene = run;
    this.#save();
  }

  get #names() {
    return [this.#lesson?.getAttribute("module") ?? location.pathname, this.getAttribute("quiz")];
  }

  /** Until the server says who is there, and without a connection, they are who was there last. */
  get #key() {
    return Drafts.key(this.#person?.id ?? api.lastPerson, ...this.#names);
  }

  async #open() {
    // On a slow connection one answers before this script is there.
    const early = this.#responses();
    for (const question of this.questions) question.redraw();
    const shown = this.#key;
    this.#restore(drafts.read(shown));
    this.#keep(early);
    if (this.practice) {
      this.#phase = "open";
      this.#draw();
      return;
    }
    this.#draw();
    try {
      this.#person = (await api.me()).person;
      if (this.#key !== shown) {
        // Who was here last is not who is here now.
        this.#empty();
        this.#restore(drafts.read(this.#key));
      }
      if (!this.#person) {
        this.#phase = "nobody";
      } else {
        await this.#askWhose();
        await this.#loadHistory();
        this.#phase = "open";
        if (this.handedOut && this.#draft.attempt) await this.#resume();
        if (this.#draft.submitKey) this.#send({ again: true });
      }
    } catch (error) {
      // Without a connection one can go on answering; without an API there is nobody to mark the answers.
      this.#phase = error.code === "no_server" ? "no-server" : "open";
      if (error.code === "offline" && api.lastPerson) {
        this.#person = { id: api.lastPerson };
        this.#restore(drafts.read(this.#key));
        if (this.#draft.paper) this.#showPaper(this.#draft.paper);
        this.#keep(early);
        this.#waiting = Boolean(this.#draft.submitKey);
        if (this.#waiting) this.#message = t("quiz_failed_send", { reason: errorText(error) });
      }
    }
    this.#draw();
  }

  /** What stood here was answered by nobody in particular: it is shown to whoever says that it is theirs. */
  async #askWhose() {
    const nobodys = Drafts.key(null, ...this.#names);
    if (drafts.read(this.#key) || !drafts.read(nobodys)) return;
    const { whose } = await import("./quiz-early.js");
    this.#early = whose(drafts, nobodys, this.#key, () => {
      this.#early = nothing;
      this.#restore(drafts.read(this.#key));
      this.#draw();
      parts.focusStem(this.questions[0]);
    });
  }

  #empty() {
    this.#draft = { responses: {} };
    for (const element of this.questions) {
      element.response = null;
      element.confidence = null;
      element.redraw();
    }
  }

  async #loadHistory() {
    const query = new URLSearchParams({ module: this.#lesson.getAttribute("module"), quiz: this.getAttribute("quiz") });
    this.#history = await api.get(`/attempts?${query}`);
    // After a renewal that touches a part, the other questions are not asked again.
    const asked = this.#history.questions;
    for (const question of this.querySelectorAll(".question")) {
      const aside = Boolean(asked) && !asked.includes(question.question);
      question.toggleAttribute("data-aside", aside);
      if (aside || question.hidden) question.hidden = aside;
    }
  }

  #restore(draft) {
    if (!draft) return;
    this.#draft = draft;
    for (const question of this.questions) this.#fill(question);
  }

  #fill(question) {
    const { responses, states = {}, confidence = {} } = this.#draft;
    if (question.question in states) question.state = states[question.question];
    if (question.question in responses) question.response = responses[question.question];
    if (question.question in confidence) question.confidence = confidence[question.question];
  }

  /** Adds answers that the page already had to the draft. */
  #keep(responses) {
    if (!Object.keys(responses).length) return;
    const known = this.#draft.responses;
    const merged = { ...known };
    for (const [name, early] of Object.entries(responses)) {
      // A browser that goes back fills in some gaps by itself and not others: gaps and pairs are added to the known ones.
      const parts = early && typeof early === "object" && !Array.isArray(early);
      merged[name] = parts ? { ...known[name], ...early } : early;
    }
    this.#restore({ ...this.#draft, responses: merged });
    drafts.write(this.#key, this.#draft);
  }

  #gather(name) {
    const found = {};
    for (const question of this.questions) {
      if (question[name] !== null && question[name] !== undefined) found[question.question] = question[name];
    }
    return found;
  }

  #responses() {
    return this.#gather("response");
  }

  #changed = (event) => {
    if (this.#phase === "result" || this.#phase === "sending") return;
    // Only this question is written anew: another tab, or the page in another language, may know more of the others.
    const stored = drafts.read(this.#key);
    const same = stored && (stored.attempt ?? null) === (this.#draft.attempt ?? null);
    const draft = { ...this.#draft, ...(same ? stored : {}) };
    const question = event.target.closest(".question");
    for (const [name, field] of [
      ["responses", "response"],
      ["confidence", "confidence"],
    ]) {
      draft[name] = { ...draft[name] };
      if (question?.[field] === null || question?.[field] === undefined) delete draft[name][question?.question];
      else draft[name][question.question] = question[field];
    }
    draft.states = { ...draft.states, ...this.#gather("state") };
    draft.edition = this.#lesson?.getAttribute("edition");
    draft.submitKey = null;
    // Who goes on answering has not handed in: nothing is sent for them when the connection is back.
    this.#waiting = false;
    clearTimeout(this.#retrying);
    this.#draft = draft;
    drafts.write(this.#key, this.#draft);
    if (this.#confirming) {
      this.#confirming = false;
      this.#draw();
    }
    const may = this.#history.attempts_left !== 0 && !parts.waitingUntil(this.#history);
    if (this.#person && !this.practice && !this.handedOut && may) this.#start().catch(() => {});
  };

  /** Tells the server that an attempt has begun, at the first answer; a failure is made good when handing in. */
  #start() {
    if (this.#draft.attempt) return Promise.resolve(this.#draft.attempt);
    this.#starting ??= (async () => {
      this.#draft.startKey ??= crypto.randomUUID();
      this.#save();
      const body = {
        module: this.#lesson.getAttribute("module"),
        quiz: this.getAttribute("quiz"),
        edition: this.#lesson.getAttribute("edition"),
        lang: this.getAttribute("lang"),
      };
      const attempt = await api.post("/attempts", body, { key: this.#draft.startKey }).catch((error) => {
        // The key was used before the page changed its language or edition. The server knows the open attempt.
        if (error.code !== "idempotency_conflict") throw error;
        this.#draft.startKey = crypto.randomUUID();
        return api.post("/attempts", body, { key: this.#draft.startKey });
      });
      const stored = drafts.read(this.#key);
      // Another tab has begun the same attempt, and may have answered already.
      if (stored?.attempt === attempt.id) this.#restore({ ...this.#draft, ...stored });
      this.#draft.attempt = attempt.id;
      drafts.write(this.#key, this.#draft);
      return attempt.id;
    })().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** Writes the draft, unless another tab has begun an attempt that this one knows nothing of. */
  #save() {
    if (!this.#draft.attempt && drafts.read(this.#key)?.attempt) return;
    drafts.write(this.#key, this.#draft);
  }

  /** Begins an attempt whose questions are handed out, or goes on with it. */
  async #begin() {
    if (this.#phase === "sending") return;
    this.#message = "";
    this.#phase = "sending";
    this.#draw();
    try {
      await this.#loadPaper(await this.#start());
      this.#phase = "open";
      this.#draw();
      parts.focusStem(this.questions[0]);
    } catch (error) {
      if (error.code === "not_found" || error.code === "edition_unknown") this.#forgetAttempt();
      this.#phase = "open";
      this.#message = error.code === "edition_unknown" ? t("quiz_changed") : errorText(error);
      if (error.code === "attempt_too_soon" || error.code === "no_attempts_left")
        await this.#loadHistory().catch(() => {});
      this.#draw();
    }
  }

  /** Goes on after a reload with an attempt that has begun. */
  async #resume() {
    const attempt = this.#history.attempts.find(({ id }) => id === this.#draft.attempt);
    if (!attempt || attempt.submitted_at) {
      // Handed in from another device, or closed because its time was over.
      if (this.#draft.submitKey) return;
      if (Object.keys(this.#draft.responses).length && attempt?.late) this.#message = t("quiz_closed_elsewhere");
      this.#draft = { responses: {} };
      drafts.remove(this.#key);
      return;
    }
    try {
      await this.#loadPaper(attempt.id);
    } catch (error) {
      if (error.code !== "edition_unknown") throw error;
      this.#forgetAttempt();
      this.#message = t("quiz_changed");
    }
  }

  /** The attempt cannot go on; what was answered stays for questions that come again. */
  #forgetAttempt() {
    this.#draft = { ...this.#draft, attempt: null, startKey: null, paper: null };
    drafts.write(this.#key, this.#draft);
  }

  async #loadPaper(id) {
    const paper = await api.get(`/attempts/${id}/paper`);
    if (this.#phase === "result") return;
    paper.ends = paper.seconds_left === null ? null : Date.now() + paper.seconds_left * 1000;
    this.#draft.paper = paper;
    drafts.write(this.#key, this.#draft);
    this.#showPaper(paper);
  }

  #showPaper(paper) {
    const there = this.questions.map((question) => question.question).join(" ");
    if (there !== paper.questions.map((question) => question.id).join(" ")) {
      this.#clearPaper();
      paper.questions.forEach((item, index) => {
        const question = questionOf(item, index + 1, this.querySelectorAll(".quiz-files [data-file]"));
        this.querySelector(".quiz-actions").before(question);
        question.values = item.values;
        if (item.order.length) question.setOrder(item.order);
        this.#fill(question);
      });
    }
    if (this.isConnected) this.#clock.start(paper.ends ?? null);
  }

  #clearPaper() {
    this.#clock.stop();
    for (const question of this.questions) question.remove();
  }

  #submitted = (event) => {
    event.preventDefault();
    if (this.#phase !== "open" || !this.questions.length) return;
    const unreadable = this.questions.filter((question) => question.problem);
    if (unreadable.length) {
      this.#showUnreadable(unreadable);
      return;
    }
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

  /** What cannot be read costs no attempt: the fields say what is wrong, and nothing is handed in. */
  #showUnreadable(questions) {
    for (const question of questions) question.showProblem();
    this.#message = t(this.practice ? "quiz_unreadable" : "error_answer_unreadable");
    if (this.oneByOne) this.#place = Math.max(0, this.questions.indexOf(questions[0]));
    this.#draw();
    questions[0].focusAnswer();
  }

  /** Hands in; `asItIs` when the time is over and nobody can mend an answer any more; `again` sends what was on its way before, with its own key and the edition it was answered on. */
  async #send({ again = false, asItIs = false } = {}) {
    this.#confirming = false;
    this.#message = "";
    this.#waiting = false;
    this.#phase = "sending";
    if (!again) {
      const sent = { responses: this.#responses(), edition: this.#lesson.getAttribute("edition") };
      sent.lang = this.getAttribute("lang");
      const { responses, edition, lang } = this.#draft;
      // Other answers are another request: they get a key of their own.
      if (JSON.stringify(sent) !== JSON.stringify({ responses, edition, lang })) this.#draft.submitKey = null;
      Object.assign(this.#draft, sent, { confidence: this.#gather("confidence"), asItIs });
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
          confidence: this.#draft.confidence ?? {},
          edition: this.#draft.edition,
          // Of the answers, not of the page: steps and matches have other ids in another language.
          lang: this.#draft.lang ?? this.getAttribute("lang"),
          as_it_is: this.#draft.asItIs ?? false,
          scene: this.scene?.report,
        },
        { key: this.#draft.submitKey },
      );
      await this.#finish(result);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error) {
    if (error.code === "attempt_submitted" || error.code === "idempotency_conflict") {
      // Another tab handed it in first: what the server has is the result.
      const result = await api.get(`/attempts/${this.#draft.attempt}`).catch(() => null);
      if (result) {
        await this.#finish(result);
        return;
      }
    }
    this.#waiting = Boolean(error.passing);
    if (!error.passing) this.#draft.submitKey = null;
    clearTimeout(this.#retrying);
    if (error.passing) {
      // A server that comes back gets the answers without a click.
      this.#retrying = setTimeout(() => this.#waiting && this.isConnected && this.#send({ again: true }), this.#pause);
      this.#pause = Math.min(2 * this.#pause, LAST_RETRY);
    }
    if (error.code === "not_found" || error.code === "edition_unknown") {
      this.#draft = { ...this.#draft, attempt: null, startKey: null };
    }
    drafts.write(this.#key, this.#draft);
    this.#phase = "open";
    this.#lock(false);
    const unreadable = this.questions.filter((question) => question.question in (error.problem?.questions ?? {}));
    if (unreadable.length) {
      this.#showUnreadable(unreadable);
      return;
    }
    this.#message =
      error.code === "edition_unknown" ? t("quiz_changed") : t("quiz_failed_send", { reason: errorText(error) });
    this.#draw();
  }

  async #finish(result) {
    this.#pause = FIRST_RETRY;
    this.#looking = false;
    const { paper } = this.#draft;
    drafts.remove(this.#key);
    this.#draft = { responses: {} };
    if (this.handedOut && paper) this.#showPaper({ ...paper, ends: null });
    this.#showResult(result);
    this.#loadHistory().then(
      () => this.#draw(),
      () => {},
    );
    this.dispatchEvent(new CustomEvent("air-graded", { bubbles: true, detail: { passed: result.passed } }));
  }

  #showResult(result) {
    this.#clock.stop();
    this.#result = result;
    this.#phase = "result";
    const byId = new Map(result.questions.map((question) => [question.id, question]));
    for (const element of this.questions) {
      const grade = byId.get(element.question);
      if (!grade) continue;
      element.response = grade.response;
      element.confidence = grade.confidence;
      element.showGrade(grade, grade.key ?? grade.own);
    }
    this.#lock(true);
    this.#draw();
    this.querySelector(".quiz-result h3").focus();
  }

  #markHere() {
    const grades = this.questions.map((element) => {
      const found = element.mark();
      const grade =
        this.getAttribute("marking") === "all-or-nothing" && !found.correct ? { ...found, score: 0 } : found;
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
    // Who looked at an earlier result comes back to what they had begun.
    if (!this.#looking) {
      this.#draft = { responses: {} };
      drafts.remove(this.#key);
    }
    this.#looking = false;
    if (this.handedOut) {
      this.#clearPaper();
      if (this.#draft.paper) this.#showPaper(this.#draft.paper);
      this.#draw();
      this.querySelector(".quiz-begin button")?.focus();
      return;
    }
    const draft = this.#draft;
    for (const element of this.questions) element.clearGrade();
    this.#empty();
    this.#restore(draft);
    this.#lock(false);
    this.#draw();
    this.questions[0].focusAnswer();
  }

  #lock(locked) {
    for (const element of this.questions) element.lock(locked);
  }

  async #showLast() {
    const last = this.#history.attempts.find((attempt) => attempt.submitted_at);
    try {
      const result = await api.get(`/attempts/${last.id}`);
      if (this.handedOut) this.#showPaper({ ...(await api.get(`/attempts/${last.id}/paper`)), ends: null });
      this.#looking = true;
      this.#showResult(result);
    } catch (error) {
      this.#message = errorText(error);
      this.#draw();
    }
  }

  #go(step) {
    this.#place = Math.max(0, Math.min(this.questions.length - 1, this.#place + step));
    this.#draw();
    parts.focusStem(this.questions[this.#place]);
  }

  #goTo(question) {
    this.#confirming = false;
    this.#place = this.questions.indexOf(question);
    this.#draw();
    question.focusAnswer();
    question.scrollIntoView({ block: "center" });
  }

  get #state() {
    return {
      level: parts.levelIn(this),
      quiz: this,
      practice: this.practice,
      person: this.#person,
      phase: this.#phase,
      history: this.#history,
      result: this.#result,
      message: this.#message,
      confirming: this.#confirming,
      place: this.#place,
      oneByOne: this.oneByOne,
      questions: this.questions,
      count: this.handedOut || this.questions.length,
      timed: this.handedOut > 0,
    };
  }

  #headTemplate() {
    return [parts.facts(this.#state), parts.clock(this.#clock.left)];
  }

  #panelTemplate() {
    if (this.#phase === "result") return parts.result(this.#state, () => this.#again());
    const show = parts.notices(this.#state, () => this.#showLast());
    const begin =
      this.handedOut && !this.questions.length ? parts.beginning(this.#state, () => this.#begin()) : nothing;
    return [this.#early, this.questions.length && this.handedOut ? nothing : show, begin];
  }

  #draw() {
    const act = { again: () => this.#again(), go: (step) => this.#go(step), goTo: (question) => this.#goTo(question) };
    render(this.#headTemplate(), this.#head);
    render(this.#panelTemplate(), this.#panel);
    render(parts.actions(this.#state, act), this.querySelector(".quiz-actions"));
    const single = this.oneByOne && this.#phase !== "result";
    this.questions.forEach((element, index) => {
      element.hidden = single && index !== this.#place;
    });
    this.toggleAttribute("busy", this.#phase === "sending");
    this.closest("air-scene")?.sync?.(this.#result);
    clearTimeout(this.#redrawing);
    const until = parts.waitingUntil(this.#history);
    const pause = until ? new Date(until) - Date.now() : 0;
    // When the waiting is over, the button is there.
    if (pause > 0 && pause < 86_400_000) this.#redrawing = setTimeout(() => this.#draw(), pause + A_MOMENT);
  }
}

customElements.define("air-quiz", AirQuiz);
