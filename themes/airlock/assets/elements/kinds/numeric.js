// A number with its unit, typed as one writes it.
import { markNumeric } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { QuestionElement } from "../question.js";

class AirNumeric extends QuestionElement {
  get #input() {
    return this.querySelector(".numeric-input");
  }

  prepare() {
    const row = this.querySelector(".numeric");
    if (row.querySelector(".numeric-hint")) return;
    const hint = document.createElement("p");
    hint.className = "numeric-hint";
    hint.id = `${this.id}-hint`;
    hint.textContent = t(this.#input.dataset.unit === "yes" ? "numeric_hint_unit" : "numeric_hint");
    this.#input.setAttribute("aria-describedby", hint.id);
    row.append(hint);
  }

  get response() {
    const text = this.#input.value.trim();
    return text === "" ? null : text;
  }

  set response(value) {
    this.#input.value = typeof value === "string" ? value : "";
  }

  mark() {
    return markNumeric(this.response ?? "", this.#key());
  }

  #key() {
    const { low, high, units = "" } = this.querySelector("fieldset").dataset;
    const conversions = units
      .split(";")
      .filter(Boolean)
      .map((unit) => {
        const [name, factor, offset] = unit.split(" ");
        return { name, factor: Number(factor), offset: Number(offset) };
      });
    return { low: Number(low), high: Number(high), units: conversions };
  }

  practiceKey() {
    return { ...super.practiceKey(), answer: this.querySelector("fieldset").dataset.answer };
  }

  showKey(_grade, { answer }) {
    if (!answer) return;
    const shown = document.createElement("p");
    shown.className = "feedback-shown numeric-key";
    shown.textContent = t("numeric_key", { answer });
    this.querySelector(".numeric").append(shown);
  }
}

customElements.define("air-numeric", AirNumeric);
