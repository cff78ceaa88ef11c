// The texts of readiness, briefings and refreshers, and what is missing in words. To be imported before what uses them.
import more from "airlock:readiness-texts";
import { html, nothing } from "lit/html.js";
import { longDate } from "../lib/format.js";
import { addTexts, locale, t } from "../lib/texts.js";

addTexts(more);

/** A day: "27 November 2026". */
export function dayText(iso) {
  return longDate(iso, locale);
}

/** The last day on which something counts that ends at a moment. */
export function lastDay(iso) {
  return dayText(new Date(Date.parse(iso) - 1));
}

/** What is the matter with something that is missing. */
export function whyText(need) {
  if (need.why === "expired")
    return t(Date.parse(need.since) > Date.now() ? "need_expires" : "need_expired", { day: dayText(need.since) });
  if (need.why === "below") {
    const values = { percent: need.percent, objective: need.objective || need.title };
    return need.reached === null
      ? t("need_below_none", values)
      : t("need_below", { ...values, reached: `${Math.floor(need.reached * 100 + 1e-9)}\u00a0%` });
  }
  return t(`need_${need.why}`);
}

/** The titles of what is missing, each once: a module can be asked for twice, once to do it and once to know it well. */
export function titlesOf(needs) {
  return [...new Set(needs.map((need) => need.title))];
}

/** What is missing as a list: each with its page, why, and how long it takes. */
export function needsTemplate(needs, url) {
  // A module can be there twice, to be done and to be known well: it takes its time once.
  const minutes = [...new Map(needs.map((need) => [need.id, need.minutes])).values()].reduce(
    (sum, one) => sum + one,
    0,
  );
  const link = (module) => html`<a href=${url(module.id)}>${module.title}</a>`;
  return html`<ul class="needs">${needs.map((need) => html`<li>${link(need)}${need.others.map((other) => html` ${t("need_or")} ${link(other)}`)} <small>${whyText(need)} · ${t("need_minutes", { minutes: need.minutes })}</small></li>`)}</ul>
    ${needs.length > 1 ? html`<p class="hint">${t("ready_total", { minutes })}</p>` : nothing}`;
}

/** Ready, not yet, expired, admitted: a word that is a chip. */
export function verdictChip({ state, admitted_until: admitted }) {
  const [kind, text] =
    state === "ready"
      ? ["done", t("ready")]
      : admitted
        ? ["passed", t("ready_admitted", { day: lastDay(admitted) })]
        : [state === "expired" ? "failed" : "late", t(state === "expired" ? "ready_expired" : "ready_not_yet")];
  return html`<span class="chip chip-${kind}">${text}</span>`;
}
