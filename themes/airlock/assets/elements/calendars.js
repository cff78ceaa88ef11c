// Calendars that programs read by a secret address.
import { html } from "lit/html.js";
import { t } from "../lib/texts.js";
import { api } from "./server.js";

export async function loadCalendars() {
  return (await api.get("/calendars")).calendars;
}

/** The calendars that can be had here: { of, target, text }, each with its address once it was asked for. */
export function calendarsTemplate(page, known, offered, load) {
  const find = (one) => known.find((feed) => feed.of === one.of && (!one.target || feed.target === one.target));
  return html`<p class="hint">${t("calendars_hint")}</p>${offered.map((one) => {
    const feed = find(one);
    return html`<p><b>${one.text}</b></p>${
      feed
        ? html`<p class="feed"><input readonly aria-label=${one.text} .value=${feed.address} @focus=${(event) => event.target.select()} /> <a class="button small quiet" href=${feed.address.replace(/^https?:/, "webcal:")}>${t("calendar_open")}</a>
          <button type="button" class="button small quiet" @click=${() => navigator.clipboard?.writeText(feed.address).then(() => page.tell(t("calendar_copied"), true))}>${t("calendar_copy")}</button>
          <button type="button" class="linklike" @click=${() => page.act(`/calendars/${feed.id}/renewal`, {}, { done: t("calendar_renewed"), after: load })}>${t("calendar_renew")}</button></p>`
        : html`<p><button type="button" class="button small quiet" @click=${() => page.act("/calendars", { of: one.of, target: one.target }, { after: load })}>${t("calendar_make")}</button></p>`
    }`;
  })}`;
}
