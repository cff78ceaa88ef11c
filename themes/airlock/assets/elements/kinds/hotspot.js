// Regions of a picture. They are touched or clicked; the list of labels below is the same choice for a keyboard.
import { t } from "../../lib/texts.js";
import { make } from "../question.js";
import { ChoiceElement } from "./choice.js";

class AirHotspot extends ChoiceElement {
  prepare() {
    const picture = this.querySelector(".stem-text img");
    const frame = make("span", "hotspot-picture");
    picture.before(frame);
    frame.append(picture);
    for (const option of this.querySelectorAll("[data-region]")) {
      const [x, y, width, height] = option.dataset.region.split(" ");
      const region = make("button", "region");
      region.append(make("span", "", option.querySelector(".region-letter").textContent));
      region.type = "button";
      // For a keyboard and a screen reader there are the labels.
      region.tabIndex = -1;
      region.setAttribute("aria-hidden", "true");
      region.dataset.of = option.dataset.option;
      Object.assign(region.style, { left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` });
      region.addEventListener("click", () => this.#touch(option));
      frame.append(region);
    }
    this.querySelector(".regions").before(make("p", "answer-hint", t("hotspot_hint")));
    this.addEventListener("input", () => this.#draw());
  }

  set response(value) {
    super.response = value;
    this.#draw();
  }

  get response() {
    return super.response;
  }

  #touch(option) {
    const input = option.querySelector("input");
    input.checked = this.several ? !input.checked : true;
    this.changed();
  }

  #draw() {
    const chosen = new Set(this.response ?? []);
    for (const region of this.querySelectorAll(".region")) {
      region.toggleAttribute("data-chosen", chosen.has(region.dataset.of));
    }
  }

  showKey(grade, key) {
    super.showKey(grade, key);
    for (const region of this.querySelectorAll(".region")) {
      const result = this.querySelector(`[data-option="${region.dataset.of}"]`).dataset.result;
      if (result) region.dataset.result = result;
    }
  }
}

customElements.define("air-hotspot", AirHotspot);
