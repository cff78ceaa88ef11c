// What every kind of question does in the page. A kind is a subclass in a file of its own in kinds/.
import { shuffled } from "../lib/clock.js";
import { t } from "../lib/texts.js";

const STEPS = [1, 2, 3];

export class QuestionElement extends HTMLElement {
  #prepared = false;

  /** Id within the quiz. */
  get question() {
    return this.getAttribute("question");
  }

  get critical() {
    return this.hasAttribute("critical");
  }

  get fieldset() {
    return this.querySelector("fieldset");
  }

  connectedCallback() {
    if (this.#prepared) return;
    this.#prepared = true;
    if (this.critical) this.querySelector(".stem").append(make("p", "critical-mark", t("quiz_critical")));
    this.prepare();
    const quiz = this.closest("air-quiz");
    if (quiz?.hasAttribute("confidence")) this.#askHowSure();
  }

  /** Set up controls; called once connected. */
  prepare() {}

  /** The response as JSON, null when there is none. */
  get response() {
    return null;
  }

  set response(_value) {
    throw new Error("a kind sets its response");
  }

  get answered() {
    return this.response !== null;
  }

  /** Why what was typed is no answer, whatever the key is: the name of a reason, "" for none. */
  get problem() {
    return "";
  }

  /** Says at the control what is wrong with what was typed; nothing when nothing is. */
  showProblem() {}

  /** What else must survive a reload: the order of options, or drawn values. */
  get state() {
    const order = this.shufflable.map((option) => option.dataset.option ?? option.dataset.pair);
    return this.closest("air-quiz")?.hasAttribute("shuffle") && order.length ? { order } : null;
  }

  set state(value) {
    if (value?.order) this.setOrder(value.order);
  }

  /** The rows that may be shown in another order. */
  get shufflable() {
    return [];
  }

  /** Shows the options in the order of these ids; unknown ids are ignored, missing ones come last. */
  setOrder(ids) {
    const rows = this.shufflable;
    const place = (row) => {
      const found = ids.indexOf(row.dataset.option ?? row.dataset.pair);
      return found < 0 ? rows.length : found;
    };
    for (const row of [...rows].sort((one, other) => place(one) - place(other))) row.parentElement.append(row);
  }

  /** Another order, or other values: for a new try. */
  redraw() {
    if (!this.closest("air-quiz")?.hasAttribute("shuffle")) return;
    this.setOrder(shuffled(this.shufflable.map((row) => row.dataset.option ?? row.dataset.pair)));
  }

  /** Values that the server drew, by the number of their place. */
  set values(_values) {}

  /** How sure the learner is: 1..3, null when nothing was said or nobody asked. */
  get confidence() {
    const chosen = this.querySelector(".confidence input:checked");
    return chosen ? Number(chosen.value) : null;
  }

  set confidence(value) {
    for (const input of this.querySelectorAll(".confidence input")) input.checked = Number(input.value) === value;
  }

  #askHowSure() {
    const group = make("div", "confidence");
    group.setAttribute("role", "radiogroup");
    const title = make("span", "confidence-title", t("confidence_ask"));
    title.id = `${this.id}-sure`;
    group.setAttribute("aria-labelledby", title.id);
    group.append(title);
    for (const step of STEPS) {
      const label = make("label", "confidence-step");
      const input = Object.assign(document.createElement("input"), {
        type: "radio",
        name: `${this.id}-sure`,
        value: String(step),
      });
      label.append(input, t(`confidence_${step}`));
      group.append(label);
    }
    this.fieldset.append(group);
  }

  /** Marks a practice response against the key in the page. */
  mark() {
    throw new Error("a kind marks its practice questions");
  }

  /** Key and feedback of a practice question, in the form the API gives for a graded one. */
  practiceKey() {
    return { explanation: this.querySelector(".explanation")?.innerHTML ?? "" };
  }

  /** Shows feedback at the controls; the verdict and the explanation are shown by `showGrade`. */
  showKey(_grade, _key) {}

  lock(locked) {
    this.fieldset.disabled = locked;
  }

  /** Puts the focus where an answer begins. */
  focusAnswer() {
    this.querySelector("fieldset :is(input, select, button:not([tabindex='-1']))")?.focus();
  }

  /** Tells the quiz that the response is another one, where no control of the browser does. */
  changed() {
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The result of this question: a verdict, the feedback at the controls, the explanation. */
  showGrade(grade, key) {
    this.clearGrade();
    const word = grade.correct ? "right" : !grade.answered ? "missing" : grade.score > 0 ? "partly" : "wrong";
    const verdict = make("p", `verdict verdict-${word}`);
    verdict.append(icon(), t(`answer_${word}`));
    const reason = grade.reason && `reason_${grade.reason.replaceAll("-", "_")}`;
    if (reason && t(reason) !== reason) verdict.append(` — ${t(reason)}`);
    this.dataset.grade = word;
    this.querySelector(".stem").after(verdict);
    if (!key) return;
    this.showKey(grade, key);
    if (key.explanation) {
      const box = make("div", "explanation-shown");
      const text = document.createElement("div");
      // Sanitised by the builder, both in the page and in the API's catalogue.
      text.innerHTML = key.explanation;
      box.append(make("p", "explanation-title", t("explanation")), text);
      this.fieldset.append(box);
    }
  }

  clearGrade() {
    delete this.dataset.grade;
    for (const shown of this.querySelectorAll(".verdict, .explanation-shown, .feedback-shown")) shown.remove();
    for (const option of this.querySelectorAll("[data-result]")) delete option.dataset.result;
  }
}

/** An element with a class and a text. */
export function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** The mark that a style sheet draws; words beside it say the same. */
export function icon() {
  const mark = make("span", "mark");
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** A line that says how an answer did: "yours_right", "yours_wrong" or "missed". */
export function resultWord(result) {
  const word = make("p", "feedback-word");
  word.append(icon(), t(`option_${result}`));
  return word;
}

/** A hint below a control, tied to it for screen readers. */
export function addHint(row, control, text) {
  const hint = make("p", "answer-hint", text);
  hint.id = `${control.id}-hint`;
  control.setAttribute("aria-describedby", hint.id);
  row.append(hint);
}

/** A place where what happened is announced. */
export function liveRegion() {
  const region = make("p", "visually-hidden");
  region.setAttribute("role", "status");
  return region;
}
