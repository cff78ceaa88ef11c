// Gaps in a text, typed or chosen.
import { gapIsRight, markCloze } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { icon, make, QuestionElement } from "../question.js";

class AirCloze extends QuestionElement {
  get #gaps() {
    return [...this.querySelectorAll(".gap")];
  }

  prepare() {
    const gaps = this.#gaps;
    gaps.forEach((gap, index) => {
      gap.setAttribute("aria-label", t("gap_label", { number: index + 1, count: gaps.length }));
    });
  }

  get response() {
    const filled = this.#gaps.filter((gap) => gap.value.trim());
    return filled.length ? Object.fromEntries(filled.map((gap) => [gap.dataset.gap, gap.value.trim()])) : null;
  }

  set response(value) {
    for (const gap of this.#gaps)
      gap.value = typeof value?.[gap.dataset.gap] === "string" ? value[gap.dataset.gap] : "";
  }

  /** Every gap must be filled: an empty one is worth a question before handing in. */
  get answered() {
    return this.#gaps.every((gap) => gap.value.trim());
  }

  mark() {
    return markCloze(this.response, this.practiceKey().gaps);
  }

  practiceKey() {
    return { ...super.practiceKey(), gaps: JSON.parse(this.fieldset.dataset.key ?? "{}") };
  }

  showKey(_grade, { gaps }) {
    for (const gap of this.#gaps) {
      const key = gaps[gap.dataset.gap];
      const right = gapIsRight(gap.value.trim(), key);
      gap.dataset.result = right ? "yours_right" : "yours_wrong";
      const shown = make("span", "feedback-shown gap-shown");
      shown.dataset.result = gap.dataset.result;
      const word = make("span", "visually-hidden", `${t(right ? "answer_right" : "answer_wrong")}. `);
      shown.append(icon(), word, right ? "" : key.answer);
      gap.after(shown);
    }
  }
}

customElements.define("air-cloze", AirCloze);
