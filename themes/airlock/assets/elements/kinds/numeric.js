// A number with its unit, typed as one writes it.
import { markNumeric } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { addHint, make, QuestionElement } from "../question.js";

export class NumberElement extends QuestionElement {
  get input() {
    return this.querySelector(".numeric-input");
  }

  prepare() {
    const { unit, decimals } = this.input.dataset;
    const said = [t(unit === "yes" ? "numeric_hint_unit" : "numeric_hint")];
    if (decimals === "1") said.push(t("numeric_hint_decimal"));
    else if (decimals) said.push(t("numeric_hint_decimals", { count: decimals }));
    addHint(this.querySelector(".numeric"), this.input, said.join(" "));
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
