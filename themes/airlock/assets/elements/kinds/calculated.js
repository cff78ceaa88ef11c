// A number to be worked out from drawn values. The server draws them; a practice question carries some drawings.
import { NumberElement } from "./numeric.js";

class AirCalculated extends NumberElement {
  #variants = [];
  #number = 0;

  prepare() {
    super.prepare();
    this.#variants = JSON.parse(this.fieldset.dataset.variants ?? "[]");
    this.redraw();
  }

  redraw() {
    if (!this.#variants.length) return;
    this.#show((this.#number + 1 + Math.floor(Math.random() * (this.#variants.length - 1))) % this.#variants.length);
  }

  get state() {
    return this.#variants.length ? { variant: this.#number } : null;
  }

  set state(value) {
    if (value && this.#variants[value.variant]) this.#show(value.variant);
  }

  set values(values) {
    for (const place of this.querySelectorAll(".drawn")) {
      if (place.dataset.value in values) place.textContent = values[place.dataset.value];
    }
  }

  #show(number) {
    this.#number = number;
    this.values = this.#variants[number].values;
  }

  get bounds() {
    return this.#variants[this.#number];
  }

  practiceKey() {
    return { ...super.practiceKey(), answer: this.#variants[this.#number].answer };
  }
}

customElements.define("air-calculated", AirCalculated);
