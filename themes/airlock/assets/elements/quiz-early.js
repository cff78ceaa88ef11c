// Asks whose the answers are that were typed on this device while nobody was signed in.
import { html } from "lit/html.js";
import "./account-texts.js";
import { settleEarly } from "../lib/early.js";
import { t } from "../lib/texts.js";

/** The question; `settled` is called when it was answered, and the answers are this person's or gone. */
export function whose(drafts, nobodys, mine, settled) {
  const settle = (draft) => {
    settleEarly(drafts, nobodys, draft);
    settled();
  };
  return html`<div class="notice" role="group" aria-label=${t("early_question")}>
  <p><strong>${t("early_question")}</strong></p>
  <p>${t("early_hint")}</p>
  <p><button type="button" class="button small" @click=${() => settle(mine)}>${t("early_mine")}</button>
    <button type="button" class="button quiet small" @click=${() => settle(null)}>${t("early_not_mine")}</button></p>
</div>`;
}
