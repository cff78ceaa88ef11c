// Pairs to be found: chosen from a list beside each left side; tapped or dragged there by those who point.
import { markMatching } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { makeSortable } from "../dragging.js";
import { liveRegion, make, QuestionElement, resultWord } from "../question.js";

class AirMatching extends QuestionElement {
  #pool;
  #live;
  #sortables = [];
  #picked = null;

  prepare() {
    this.#pool = this.querySelector(".matches");
    this.#live = liveRegion();
    this.fieldset.append(this.#live);
    this.querySelector(".pairs").before(make("p", "answer-hint", t("matching_hint")));
    // The lists say and do the same; a keyboard and a screen reader need no second way.
    this.#pool.hidden = false;
    this.#pool.setAttribute("aria-hidden", "true");
    this.querySelector(".pairs").before(this.#pool);
    for (const match of this.#pool.children) match.addEventListener("click", () => this.#pick(match));
    for (const row of this.#rows) {
      row.addEventListener("click", (event) => this.#tapped(row, event));
      row.querySelector("select").addEventListener("change", () => this.#said(row));
    }
    this.addEventListener("input", () => this.#draw());
    const group = `${this.id}-matches`;
    const put = (row) => (event) => {
      const id = event.item.dataset.match;
      event.item.remove();
      this.#choose(row, id);
    };
    Promise.all([
      makeSortable(this.#pool, { group: { name: group, pull: "clone", put: false }, sort: false, draggable: ".match" }),
      ...this.#rows.map((row) =>
        makeSortable(row, { group: { name: group, pull: false, put: true }, draggable: ".match", onAdd: put(row) }),
      ),
    ]).then((sortables) => {
      this.#sortables = sortables;
      if (!this.isConnected) this.disconnectedCallback();
      this.#lockDragging(this.fieldset.disabled);
    });
  }

  disconnectedCallback() {
    for (const sortable of this.#sortables) sortable.destroy();
    this.#sortables = [];
  }

  get #rows() {
    return [...this.querySelectorAll(".pair")];
  }

  get shufflable() {
    return this.#rows;
  }

  get response() {
    const chosen = this.#rows
      .map((row) => [row.dataset.pair, row.querySelector("select").value])
      .filter(([, match]) => match)
      .sort(([one], [other]) => one - other);
    return chosen.length ? Object.fromEntries(chosen) : null;
  }

  set response(value) {
    for (const row of this.#rows) {
      const select = row.querySelector("select");
      select.value = value?.[row.dataset.pair] ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
    this.#draw();
  }

  get answered() {
    return this.#rows.every((row) => row.querySelector("select").value);
  }

  #pick(match) {
    if (this.fieldset.disabled) return;
    this.#picked = this.#picked === match ? null : match;
    this.#draw();
  }

  #tapped(row, event) {
    if (!this.#picked || this.fieldset.disabled) return;
    event.preventDefault();
    this.#choose(row, this.#picked.dataset.match);
  }

  #choose(row, id) {
    row.querySelector("select").value = id;
    this.#picked = null;
    this.#said(row);
    this.changed();
  }

  #said(row) {
    const select = row.querySelector("select");
    const left = row.querySelector(".pair-left").textContent.trim();
    this.#live.textContent = select.value
      ? t("matching_said", { left, right: select.selectedOptions[0].textContent })
      : t("matching_none", { left });
  }

  #draw() {
    const used = new Set(Object.values(this.response ?? {}));
    for (const match of this.#pool.children) {
      match.toggleAttribute("data-used", used.has(match.dataset.match));
      match.toggleAttribute("data-picked", match === this.#picked);
    }
    this.toggleAttribute("data-picking", this.#picked !== null);
  }

  lock(locked) {
    super.lock(locked);
    this.#picked = null;
    this.#pool.hidden = locked;
    this.#lockDragging(locked);
    this.#draw();
  }

  #lockDragging(locked) {
    for (const sortable of this.#sortables) sortable.option("disabled", locked);
  }

  mark() {
    return markMatching(this.response, this.practiceKey().matches);
  }

  practiceKey() {
    const pairs = (this.fieldset.dataset.key ?? "").split(" ").filter(Boolean);
    return { ...super.practiceKey(), matches: Object.fromEntries(pairs.map((pair) => pair.split(":"))) };
  }

  showKey(_grade, { matches, texts = {} }) {
    for (const row of this.#rows) {
      const select = row.querySelector("select");
      const right = select.value === matches[row.dataset.pair];
      const shown = make("div", "feedback-shown");
      row.dataset.result = right ? "yours_right" : select.value ? "yours_wrong" : "missed";
      if (right || select.value) shown.append(resultWord(row.dataset.result));
      if (!right) {
        const id = matches[row.dataset.pair];
        const here = [...select.options].find((option) => option.value === id)?.textContent;
        // The text of the attempt's language, where the page is in another one.
        const holder = document.createElement("template");
        holder.innerHTML = texts[id] ?? "";
        const answer = here ?? holder.content.textContent.trim();
        shown.append(make("p", "key-line", t("right_answer", { answer })));
      }
      row.append(shown);
    }
  }
}

customElements.define("air-matching", AirMatching);
