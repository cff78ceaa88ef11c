// Single choice, multiple choice, true/false.
import { markChoice } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { icon, QuestionElement } from "../question.js";

class AirSingle extends QuestionElement {
  get several() {
    return false;
  }

  get #inputs() {
    return [...this.querySelectorAll(".options input")];
  }

  get response() {
    const chosen = this.#inputs.filter((input) => input.checked).map((input) => input.value);
    return chosen.length ? chosen : null;
  }

  set response(value) {
    const chosen = Array.isArray(value) ? value : [];
    for (const input of this.#inputs) input.checked = chosen.includes(input.value);
  }

  mark() {
    return markChoice(this.response, this.practiceKey().right, this.several);
  }

  practiceKey() {
    const fieldset = this.querySelector("fieldset");
    const feedback = {};
    for (const option of this.querySelectorAll(".option")) {
      feedback[option.dataset.option] = option.querySelector(".feedback")?.innerHTML ?? "";
    }
    return { ...super.practiceKey(), right: (fieldset.dataset.key ?? "").split(" "), feedback };
  }

  showKey(_grade, { right, feedback }) {
    const chosen = new Set(this.response ?? []);
    for (const option of this.querySelectorAll(".option")) {
      const id = option.dataset.option;
      const isRight = right.includes(id);
      const result = chosen.has(id) ? (isRight ? "yours_right" : "yours_wrong") : isRight ? "missed" : "";
      if (!result && !feedback[id]) continue;
      const shown = document.createElement("div");
      shown.className = "feedback-shown";
      if (result) {
        option.dataset.result = result;
        const word = document.createElement("p");
        word.className = "feedback-word";
        word.append(icon(), t(`option_${result}`));
        shown.append(word);
      }
      if (feedback[id]) {
        const text = document.createElement("div");
        text.innerHTML = feedback[id];
        shown.append(text);
      }
      option.append(shown);
    }
  }
}

class AirMultiple extends AirSingle {
  get several() {
    return true;
  }
}

class AirTrueFalse extends AirSingle {}

customElements.define("air-single", AirSingle);
customElements.define("air-multiple", AirMultiple);
customElements.define("air-truefalse", AirTrueFalse);
