// What every kind of question does in the page. A kind is a subclass in a file of its own in kinds/.
import { t } from "../lib/texts.js";

export class QuestionElement extends HTMLElement {
  /** Id within the quiz. */
  get question() {
    return this.getAttribute("question");
  }

  get critical() {
    return this.hasAttribute("critical");
  }

  connectedCallback() {
    if (this.critical && !this.querySelector(".critical-mark")) {
      const mark = document.createElement("p");
      mark.className = "critical-mark";
      mark.textContent = t("quiz_critical");
      this.querySelector(".stem").append(mark);
    }
    this.prepare();
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
    this.querySelector("fieldset").disabled = locked;
  }

  /** The result of this question: a verdict, the feedback at the controls, the explanation. */
  showGrade(grade, key) {
    this.clearGrade();
    const verdict = document.createElement("p");
    const word = grade.correct ? "right" : !grade.answered ? "missing" : grade.score > 0 ? "partly" : "wrong";
    verdict.className = `verdict verdict-${word}`;
    verdict.append(icon(), t(`answer_${word}`));
    const reason = grade.reason && `reason_${grade.reason.replaceAll("-", "_")}`;
    if (reason && t(reason) !== reason) verdict.append(` — ${t(reason)}`);
    this.dataset.grade = word;
    this.querySelector(".stem").after(verdict);
    if (!key) return;
    this.showKey(grade, key);
    if (key.explanation) {
      const box = document.createElement("div");
      box.className = "explanation-shown";
      const title = document.createElement("p");
      title.className = "explanation-title";
      title.textContent = t("explanation");
      const text = document.createElement("div");
      // Sanitised by the builder, both in the page and in the API's catalogue.
      text.innerHTML = key.explanation;
      box.append(title, text);
      this.querySelector("fieldset").append(box);
    }
  }

  clearGrade() {
    delete this.dataset.grade;
    for (const shown of this.querySelectorAll(".verdict, .explanation-shown, .feedback-shown")) shown.remove();
    for (const option of this.querySelectorAll("[data-result]")) delete option.dataset.result;
  }
}

/** The mark that a style sheet draws; words beside it say the same. */
export function icon() {
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.setAttribute("aria-hidden", "true");
  return mark;
}
