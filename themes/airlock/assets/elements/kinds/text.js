// A word or a few, typed.
import { markText } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { addHint, make, QuestionElement } from "../question.js";

class AirText extends QuestionElement {
  get #input() {
    return this.querySelector(".text-input");
  }

  prepare() {
    addHint(this.querySelector(".short-text"), this.#input, t("text_hint"));
  }

  get response() {
    const text = this.#input.value.trim();
    return text === "" ? null : text;
  }

  set response(value) {
    this.#input.value = typeof value === "string" ? value : "";
  }

  mark() {
    return markText(this.response, this.practiceKey().accepted);
  }

  practiceKey() {
    return { ...super.practiceKey(), accepted: JSON.parse(this.fieldset.dataset.accepted ?? "[]") };
  }

  showKey(_grade, { accepted }) {
    const [answer] = accepted;
    this.querySelector(".short-text").append(make("p", "feedback-shown key-shown", t("right_answer", { answer })));
  }
}

customElements.define("air-text", AirText);
