// Single choice, multiple choice, true/false.
import { markChoice } from "../../lib/marking.js";
import { make, QuestionElement, resultWord } from "../question.js";

export class ChoiceElement extends QuestionElement {
  get several() {
    return this.inputs[0]?.type === "checkbox";
  }

  get inputs() {
    return [...this.querySelectorAll(".options input")];
  }

  get response() {
    const chosen = this.inputs.filter((input) => input.checked).map((input) => input.value);
    return chosen.length ? chosen.sort((one, other) => one - other) : null;
  }

  set response(value) {
    const chosen = Array.isArray(value) ? value : [];
    for (const input of this.inputs) input.checked = chosen.includes(input.value);
  }

  mark() {
    return markChoice(this.response, this.practiceKey().right, this.several);
  }

  practiceKey() {
    const feedback = {};
    for (const option of this.querySelectorAll(".option")) {
      feedback[option.dataset.option] = option.querySelector(".feedback")?.innerHTML ?? "";
    }
    return { ...super.practiceKey(), right: (this.fieldset.dataset.key ?? "").split(" "), feedback };
  }

  showKey(_grade, { right, feedback }) {
    const chosen = new Set(this.response ?? []);
    for (const option of this.querySelectorAll(".option")) {
      const id = option.dataset.option;
      const isRight = right?.includes(id);
      // Before the key is released there is feedback on what one chose, and no word on what is right.
      const result = !right ? "" : chosen.has(id) ? (isRight ? "yours_right" : "yours_wrong") : isRight ? "missed" : "";
      if (!result && !feedback[id]) continue;
      const shown = make("div", "feedback-shown");
      if (result) {
        option.dataset.result = result;
        shown.append(resultWord(result));
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

class AirSingle extends ChoiceElement {
  get shufflable() {
    return [...this.querySelectorAll(".option")];
  }
}

class AirMultiple extends AirSingle {}

class AirTrueFalse extends ChoiceElement {}

customElements.define("air-single", AirSingle);
customElements.define("air-multiple", AirMultiple);
customElements.define("air-truefalse", AirTrueFalse);
