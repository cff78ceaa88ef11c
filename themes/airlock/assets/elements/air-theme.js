// Light, dark, or as the device.
import { html, render } from "lit/html.js";
import { t } from "../lib/texts.js";

const KEY = "airlock:theme";

function chosen() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

class AirTheme extends HTMLElement {
  connectedCallback() {
    this.#draw();
  }

  #choose(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    try {
      if (theme) localStorage.setItem(KEY, theme);
      else localStorage.removeItem(KEY);
    } catch {
      // Without storage the choice holds for this page.
    }
    this.#draw(theme);
  }

  #draw(now = chosen()) {
    const choices = [
      ["", t("theme_auto")],
      ["light", t("theme_light")],
      ["dark", t("theme_dark")],
    ];
    render(
      html`<p class="menu-title">${t("theme")}</p>
        <div class="segments" role="group" aria-label=${t("theme")}>
          ${choices.map(
            ([theme, name]) =>
              html`<button type="button" aria-pressed=${String(theme === now)} @click=${() => this.#choose(theme)}>${name}</button>`,
          )}
        </div>`,
      this,
    );
  }
}

customElements.define("air-theme", AirTheme);
