// A scene as many learners went through it: where they looked, as a picture, and what they did, as a table.
import "./scene-texts.js";
import { html, nothing, svg } from "lit/html.js";
import { spent } from "../lib/format.js";
import { t } from "../lib/texts.js";

const BIN = 10;
const LEAST = 0.12;

/** Squares of ten degrees over the panorama, the stronger the longer they were looked at. */
function heat({ looked }) {
  const most = Math.max(...looked.map(({ seconds }) => seconds));
  return looked.flatMap(({ yaw, pitch, seconds }) => {
    const opacity = LEAST + (0.75 - LEAST) * Math.sqrt(seconds / most);
    const y = 90 - pitch - BIN / 2;
    // What lies on the seam is at both ends of the picture.
    const ends = Math.abs(yaw) === 180 ? [-180, 180] : [yaw];
    return ends.map(
      (at) =>
        svg`<rect x=${at + 180 - BIN / 2} y=${y} width=${BIN} height=${BIN} fill="#ff5a1f" fill-opacity=${opacity.toFixed(2)}></rect>`,
    );
  });
}

function viewTemplate(view, root) {
  const seconds = view.looked.reduce((sum, one) => sum + one.seconds, 0);
  const caption = view.looked.length
    ? t("scene_report_picture", { title: view.title, time: spent(seconds) })
    : t("scene_report_not_looked", { title: view.title });
  return html`<figure class="scene-heat"><div><img src=${new URL(view.picture, root)} alt=${view.title} width=${view.flat ? nothing : 1600} height=${view.flat ? nothing : 800}>${view.flat || !view.looked.length ? nothing : html`<svg viewBox="0 0 360 180" preserveAspectRatio="none" aria-hidden="true">${heat(view)}</svg>`}</div><figcaption>${caption}</figcaption></figure>`;
}

function wordOf(thing, learners) {
  if (thing.fault === null) return "–";
  return thing.fault
    ? t("scene_report_missed", { count: learners - thing.marked })
    : t("scene_report_false", { count: thing.marked });
}

/** `found` as the API gives it; `root` is the address of the site, a URL. */
export function sceneReport(found, root) {
  const numeric = (name, value) => html`<td class="number" data-label=${t(name)}>${value}</td>`;
  return html`<div class="scene-report"><h2 id="scene-report">${t("scene_report", { title: found.title })}</h2>
    ${
      found.learners
        ? html`<p class="facts"><span>${t("scene_report_learners", { count: found.learners })}</span>${Object.entries(found.routes).map(([route, count]) => html`<span>${t(`route_${route}`)}${t("colon")} ${count}</span>`)}<span>${t("scene_report_time", { time: spent(found.median_seconds) })}</span></p>
      ${found.views.map((view) => viewTemplate(view, root))}
      <div class="table-wrap" role="region" aria-label=${t("scene_report", { title: found.title })} tabindex="0"><table class="data"><thead><tr><th scope="col">${t("scene_report_thing")}</th><th scope="col" class="number">${t("scene_report_opened")}</th><th scope="col" class="number">${t("scene_report_acted")}</th><th scope="col" class="number">${t("scene_report_breached")}</th><th scope="col">${t("scene_report_marks")}</th></tr></thead>
      <tbody>${found.things.map((thing) => html`<tr class=${thing.fault ? "is-right" : ""}><th scope="row">${thing.label}${thing.fault ? html` <span class="chip chip-late">${t("scene_report_fault")}</span>` : nothing}</th>${numeric("scene_report_opened", thing.opened)}${numeric("scene_report_acted", thing.acted)}${numeric("scene_report_breached", thing.breached)}<td data-label=${t("scene_report_marks")}>${wordOf(thing, found.learners)}</td></tr>`)}</tbody></table></div>
      <p class="hint">${t("scene_report_first")}</p>`
        : html`<p class="notice">${t("scene_report_nobody")}</p>`
    }</div>`;
}
