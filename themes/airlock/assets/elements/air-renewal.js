// What changed in a module since somebody completed it, above its text; and until when what they did counts.
import { html, nothing, render } from "lit/html.js";
import { lang, t } from "../lib/texts.js";
import { dayText, lastDay } from "./readiness-texts.js";
import { api } from "./server.js";

/** Shows it in the page of a module that must be renewed, or whose completion ends. */
export async function showRenewal(lesson, module) {
  const id = lesson.getAttribute("module");
  const [found, own] = await Promise.all([
    module.state === "renew" ? api.get(`/modules/${id}/changes?lang=${lang}`) : null,
    lesson.hasAttribute("valid") ? api.get(`/readiness?module=${encodeURIComponent(id)}&lang=${lang}`) : null,
  ]);
  let host = lesson.querySelector(".renewal");
  if (!host) {
    host = Object.assign(document.createElement("div"), { className: "renewal", lang });
    lesson.querySelector("h1").after(host);
  }
  const renews = own?.renew_from && Date.parse(own.renew_from) > Date.now();
  const now = own?.renew_from && !renews && module.state === "done" && lesson.hasAttribute("reads");
  render(
    html`${own?.valid_until && module.state === "done" ? html`<p class="hint">${t("valid_until_online", { day: lastDay(own.valid_until) })}${renews ? ` ${t("renew_from", { day: dayText(own.renew_from) })}` : ""}</p>` : nothing}
      ${now ? html`<p>${t("renew_now")} <button type="button" class="button small" @click=${() => lesson.markRead()}>${t(lesson.hasAttribute("accepts") ? "mark_accepted" : "mark_read")}</button></p>` : nothing}
      ${found ? changesTemplate(found) : nothing}`,
    host,
  );
}

function changesTemplate(found) {
  const mark = ({ op, text }) =>
    op === "gone"
      ? html`<del><span class="visually-hidden">${t("changes_gone")}: </span>${text}</del>`
      : op === "new"
        ? html`<ins><span class="visually-hidden">${t("changes_new")}: </span>${text}</ins>`
        : text;
  return html`<section class="notice changes" aria-labelledby="changes"><h2 id="changes">${t("changes_title")}</h2>
    ${found.changed ? html`<p>${found.changed}</p>` : nothing}
    ${found.objectives.length ? html`<p>${t("changes_objectives")}</p><ul>${found.objectives.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
    ${
      found.paragraphs.length
        ? html`<ul class="changed-lines">${found.paragraphs.map((parts) => html`<li>${parts.map(mark)}</li>`)}</ul>`
        : html`<p>${t(found.comparable ? "changes_none" : "changes_unknown")}</p>`
    }</section>`;
}
