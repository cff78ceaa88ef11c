// A number with its unit, typed as one writes it.
import { markNumeric } from "../../lib/marking.js";
import { unreadable } from "../../lib/numbers.js";
import { t } from "../../lib/texts.js";
import { addHint, make, QuestionElement } from "../question.js";

const A_PAUSE = 1200; // Milliseconds without a key: who is still typing is not told that it is no number yet.

export class NumberElement extends QuestionElement {
  #pause = 0;

  get input() {
    return this.querySelector(".numeric-input");
  }

  prepare() {
    const { unit, decimals } = this.input.dataset;
    const said = [t(unit === "yes" ? "numeric_hint_unit" : "numeric_hint")];
    if (decimals === "1") said.push(t("numeric_hint_decimal"));
    else if (decimals) said.push(t("numeric_hint_decimals", { count: decimals }));
    addHint(this.querySelector(".numeric"), this.input, said.join(" "));
    const problem = make("p", "field-problem");
    problem.id = `${this.input.id}-problem`;
    problem.setAttribute("role", "status");
    this.querySelector(".numeric").append(problem);
    this.input.setAttribute("aria-describedby", `${this.input.getAttribute("aria-describedby")} ${problem.id}`);
    this.input.addEventListener("input", () => {
      clearTimeout(this.#pause);
      // What was wrong and is mended is said at once; what is not right yet, after a pause.
      if (this.input.ariaInvalid === "true" && !this.problem) this.showProblem();
      else this.#pause = setTimeout(() => this.showProblem(), A_PAUSE);
    });
    this.input.addEventListener("change", () => this.showProblem());
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
  }

  get problem() {
    return unreadable(this.input.value, this.input.dataset.unit === "yes");
  }

  showProblem() {
    const { problem } = this;
    this.input.ariaInvalid = problem ? "true" : null;
    const said = problem ? t(`reason_${problem.replaceAll("-", "_")}`) : "";
    const place = this.querySelector(".field-problem");
    if (place.textContent !== said) place.textContent = said;
  }

  get response() {
    const text = this.input.value.trim();
    return text === "" ? null : text;
  }

  set response(value) {
    this.input.value = typeof value === "string" ? value : "";
  }

  /** Bounds of the key of a practice question. */
  get bounds() {
    const { low, high } = this.fieldset.dataset;
    return { low: Number(low), high: Number(high) };
  }

  mark() {
    const units = (this.fieldset.dataset.units ?? "")
      .split(";")
      .filter(Boolean)
      .map((unit) => {
        const [name, factor, offset] = unit.split(" ");
        return { name, factor: Number(factor), offset: Number(offset) };
      });
    return markNumeric(this.response ?? "", { ...this.bounds, units });
  }

  practiceKey() {
    return { ...super.practiceKey(), answer: this.fieldset.dataset.answer };
  }

  showKey(_grade, { answer }) {
    if (answer)
      this.querySelector(".numeric").append(make("p", "feedback-shown key-shown", t("right_answer", { answer })));
  }
}

class AirNumeric extends NumberElement {}

customElements.define("air-numeric", AirNumeric);
