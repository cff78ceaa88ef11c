// Steps to be put in order: tapped one after another, dragged, or moved with buttons and arrow keys.
import { longestRun, markOrdering } from "../../lib/marking.js";
import { t } from "../../lib/texts.js";
import { makeSortable } from "../dragging.js";
import { liveRegion, make, QuestionElement, resultWord } from "../question.js";

class AirOrdering extends QuestionElement {
  #pool;
  #placed;
  #live;
  #htmlOf = new Map();
  #sortables = [];
  #picked = null;

  prepare() {
    this.#pool = this.querySelector(".order-pool");
    for (const step of this.#pool.children) this.#htmlOf.set(step.dataset.step, step.innerHTML);
    const hint = [t("ordering_hint")];
    if (this.#pool.dataset.extra === "yes") hint.push(t("ordering_extra"));
    const board = make("div", "ordering");
    this.#pool.before(make("p", "answer-hint", hint.join(" ")), board);
    this.#placed = make("ol", "order-list");
    this.#live = liveRegion();
    board.append(this.#part("ordering_pool", this.#pool), this.#part("ordering_yours", this.#placed));
    this.fieldset.append(this.#live);
    this.#draw([]);
    const group = `${this.id}-steps`;
    const onEnd = () => this.#dropped();
    Promise.all(
      [this.#pool, this.#placed].map((list) =>
        makeSortable(list, { group, draggable: ".order-step", filter: ".tool", preventOnFilter: false, onEnd }),
      ),
    ).then((sortables) => {
      this.#sortables = sortables;
      if (!this.isConnected) this.disconnectedCallback();
      for (const sortable of sortables) sortable.option("disabled", this.fieldset.disabled);
    });
  }

  disconnectedCallback() {
    for (const sortable of this.#sortables) sortable.destroy();
    this.#sortables = [];
  }

  #part(key, list) {
    const part = make("div", "ordering-part");
    const title = make("p", "ordering-title", t(key));
    title.id = `${this.id}-${key}`;
    list.setAttribute("aria-labelledby", title.id);
    part.append(title, list);
    return part;
  }

  get response() {
    const ids = [...this.#placed.children].map((step) => step.dataset.step).filter(Boolean);
    return ids.length ? ids : null;
  }

  set response(value) {
    this.#draw((Array.isArray(value) ? value : []).filter((id) => this.#htmlOf.has(id)));
  }

  /** All steps are placed, or some where some belong nowhere. */
  get answered() {
    const placed = this.response?.length ?? 0;
    return this.#pool.dataset.extra === "yes" ? placed > 0 : placed === this.#htmlOf.size;
  }

  #textOf(id) {
    const holder = document.createElement("template");
    holder.innerHTML = this.#htmlOf.get(id);
    return holder.content.textContent.trim();
  }

  #draw(ids) {
    this.#picked = null;
    const left = [...this.#htmlOf.keys()].filter((id) => !ids.includes(id));
    this.#pool.replaceChildren(...left.map((id) => this.#poolStep(id)));
    this.#placed.replaceChildren(...ids.map((id, place) => this.#placedStep(id, place, ids.length)));
    if (!ids.length) this.#placed.append(make("li", "order-empty", t("ordering_empty")));
    this.#pool.parentElement.hidden = left.length === 0;
  }

  #poolStep(id) {
    const step = make("li", "order-step");
    step.dataset.step = id;
    const button = this.#button("step-text", () => this.#place(id));
    button.innerHTML = this.#htmlOf.get(id);
    step.append(button);
    return step;
  }

  #placedStep(id, place, count) {
    const step = make("li", "order-step");
    step.dataset.step = id;
    const text = this.#textOf(id);
    const pick = this.#button("step-text", () => this.#tap(id));
    pick.innerHTML = this.#htmlOf.get(id);
    pick.setAttribute("aria-pressed", "false");
    pick.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by) {
        event.preventDefault();
        this.#move(id, by, ".step-text");
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        this.#remove(id);
      }
    });
    const tools = make("span", "step-tools");
    const up = this.#button("tool", () => this.#move(id, -1, ".tool-up"), t("ordering_up", { text }), "↑");
    const down = this.#button("tool", () => this.#move(id, 1, ".tool-down"), t("ordering_down", { text }), "↓");
    const out = this.#button("tool", () => this.#remove(id), t("ordering_remove", { text }), "✕");
    up.classList.add("tool-up");
    down.classList.add("tool-down");
    up.disabled = place === 0;
    down.disabled = place === count - 1;
    tools.append(up, down, out);
    step.append(pick, tools);
    return step;
  }

  #button(className, act, label = "", sign = "") {
    const button = make("button", className, sign);
    button.type = "button";
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  #set(ids, say) {
    this.#draw(ids);
    this.#live.textContent = say;
    this.changed();
  }

  #say(id, ids) {
    return t("ordering_said", { text: this.#textOf(id), place: ids.indexOf(id) + 1, count: ids.length });
  }

  #place(id) {
    const next = this.#pool.querySelector(`[data-step="${id}"]`)?.nextElementSibling?.dataset.step;
    const ids = [...(this.response ?? []), id];
    this.#set(ids, this.#say(id, ids));
    const still = (next && this.#pool.querySelector(`[data-step="${next}"]`)) ?? this.#pool.firstElementChild;
    (still ?? this.#placed.lastElementChild).querySelector("button").focus();
  }

  /** A tap picks a step up, a tap on another one puts it there. */
  #tap(id) {
    if (this.#picked === null || this.#picked === id) {
      this.#picked = this.#picked === id ? null : id;
      for (const step of this.#placed.children) {
        step.querySelector(".step-text").setAttribute("aria-pressed", String(step.dataset.step === this.#picked));
      }
      this.#live.textContent = this.#picked ? t("ordering_picked", { text: this.#textOf(id) }) : "";
      return;
    }
    const moved = this.#picked;
    const to = this.response.indexOf(id);
    const ids = this.response.filter((other) => other !== moved);
    ids.splice(to, 0, moved);
    this.#set(ids, this.#say(moved, ids));
    this.#focus(moved, ".step-text");
  }

  #move(id, by, selector) {
    const ids = [...this.response];
    const from = ids.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= ids.length) return;
    ids.splice(to, 0, ...ids.splice(from, 1));
    this.#set(ids, this.#say(id, ids));
    this.#focus(id, selector);
  }

  #remove(id) {
    const ids = this.response.filter((other) => other !== id);
    this.#set(ids, t("ordering_removed", { text: this.#textOf(id) }));
    this.#pool.querySelector(`[data-step="${id}"] button`).focus();
  }

  #focus(id, selector) {
    const step = this.#placed.querySelector(`[data-step="${id}"]`);
    const wanted = step.querySelector(selector);
    (wanted.disabled ? step.querySelector(".step-text") : wanted).focus();
  }

  #dropped() {
    const ids = this.response ?? [];
    this.#set(ids, "");
  }

  lock(locked) {
    super.lock(locked);
    for (const sortable of this.#sortables) sortable.option("disabled", locked);
  }

  mark() {
    return markOrdering(this.response, this.#ranks());
  }

  #ranks() {
    const pairs = (this.fieldset.dataset.key ?? "").split(" ").filter(Boolean);
    return new Map(pairs.map((pair) => pair.split(":")).map(([id, rank]) => [id, Number(rank)]));
  }

  practiceKey() {
    const order = [...this.#ranks()].filter(([, rank]) => rank).map(([id, rank]) => ({ id, rank }));
    return { ...super.practiceKey(), order: order.sort((one, other) => one.rank - other.rank) };
  }

  showKey(grade, { order }) {
    const rankOf = new Map(order.map(({ id, rank }) => [id, rank]));
    const ids = this.response ?? [];
    const run = longestRun(ids.map((id) => rankOf.get(id) ?? 0));
    ids.forEach((id, place) => {
      const step = this.#placed.querySelector(`[data-step="${id}"]`);
      step.dataset.result = run.has(place) ? "yours_right" : "yours_wrong";
      if (!run.has(place)) {
        const word = resultWord("yours_wrong");
        word.lastChild.textContent = t(rankOf.has(id) ? "ordering_place_wrong" : "ordering_nowhere");
        const shown = make("div", "feedback-shown");
        shown.append(word);
        step.append(shown);
      }
    });
    if (grade.correct) return;
    const shown = make("div", "feedback-shown key-shown");
    const list = make("ol", "key-order");
    for (const { id, rank, html } of order) {
      const item = document.createElement("li");
      // The texts of the attempt's language, where the page is in another one.
      item.innerHTML = this.#htmlOf.get(id) ?? html ?? "";
      item.value = rank;
      list.append(item);
    }
    shown.append(make("p", "", t("ordering_key")), list);
    if (new Set(rankOf.values()).size < rankOf.size) shown.append(make("p", "", t("ordering_swap")));
    this.querySelector(".ordering").after(shown);
  }
}

customElements.define("air-ordering", AirOrdering);
