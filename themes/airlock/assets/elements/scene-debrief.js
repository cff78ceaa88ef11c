// What somebody did in a scene, after it was handed in: breaches, what was found and missed, and all of it in its order.
import { html, nothing } from "lit/html.js";
import { locale, t } from "../lib/texts.js";

const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const SHOWN = ["entered", "acted", "asked", "breached", "time-over", "finished"];

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function breaches(found, critical, done) {
  if (!found.length) return nothing;
  return html`<div class="notice"><p><strong>${t(critical ? "debrief_breaches_critical" : "debrief_breaches")}</strong></p><ul>${found.map(({ id }) => html`<li>${done(id)}</li>`)}</ul></div>`;
}

/** @param scene From the reply: route, seconds, breaches, detection and events; null where nobody came in. */
export function debriefTemplate(scene, hotspots) {
  if (!scene) return nothing;
  const label = (id) => hotspots.get(id)?.label ?? id;
  const done = (id) => hotspots.get(id)?.does ?? label(id);
  const { detection } = scene;
  const lines = scene.events.filter(({ what }) => SHOWN.includes(what));
  return html`<h3>${t("debrief_title")}</h3>
    <p class="facts"><span>${t(`route_${scene.route}`)}</span><span>${t("debrief_time", { time: clock(scene.seconds) })}</span></p>
    ${[true, false].map((critical) =>
      breaches(
        scene.breaches.filter((one) => one.critical === critical),
        critical,
        done,
      ),
    )}
    ${
      detection
        ? html`<p>${t("debrief_found", detection)}</p>${detection.d_prime === null ? nothing : html`<p class="hint">${t("debrief_d_prime", { value: decimal.format(detection.d_prime) })}</p>`}`
        : nothing
    }
    <details><summary>${t("debrief_order")}</summary><ol class="scene-events">${lines.map((one) => html`<li><span class="scene-when">${clock(one.at)}</span><span>${t(`event_${one.what.replace("-", "_")}`, { thing: one.id ? (["acted", "breached"].includes(one.what) ? done : label)(one.id) : "", route: one.route ? t(`route_${one.route}`) : "" })}</span></li>`)}</ol></details>`;
}
