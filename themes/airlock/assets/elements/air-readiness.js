// Whether one is ready for a webinar or a practical, on its page: what is missing, and how long that takes.
import "./events-texts.js";
import { html, nothing, render } from "lit/html.js";
import { lang, t } from "../lib/texts.js";
import { pageOf } from "./lesson-html.js";
import { dayText, lastDay, needsTemplate } from "./readiness-texts.js";
import { api } from "./server.js";

class AirReadiness extends HTMLElement {
  async connectedCallback() {
    try {
      if (!(await api.me()).person) return;
      this.#draw(await api.get(`/readiness?module=${encodeURIComponent(this.getAttribute("module"))}&lang=${lang}`));
    } catch {
      // Without the API the page says what comes first; whether it is done nobody knows here.
    }
  }

  #draw(found) {
    // The list for everybody gives way to one's own.
    for (const list of document.querySelectorAll(".requires")) list.hidden = true;
    const url = (id) => pageOf(this, id);
    const [kind, text] =
      found.state === "ready"
        ? ["notice-good", t("ready_you")]
        : found.admitted_until
          ? ["", t("ready_you_admitted", { day: lastDay(found.admitted_until) })]
          : found.state === "expired"
            ? ["", found.since ? t("ready_expired_you", { day: dayText(found.since) }) : t("ready_expired_some")]
            : ["", t("ready_not_you")];
    render(
      html`<section class="notice ${kind}" aria-label=${t("ready_title")}><p><b>${text}</b></p>
        ${found.missing.length ? needsTemplate(found.missing, url) : nothing}
        ${found.valid_until ? html`<p>${t("valid_until", { day: lastDay(found.valid_until) })}${found.renew_from && Date.parse(found.renew_from) > Date.now() ? ` ${t("renew_from", { day: dayText(found.renew_from) })}` : ""}</p>` : nothing}</section>`,
      this,
    );
  }
}

customElements.define("air-readiness", AirReadiness);
