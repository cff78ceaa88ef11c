// Totals of training time and the lines behind them, for the centre and for inspectors. `link` makes a link to a part.

import { html, nothing } from "lit/html.js";
import { locale, t } from "../lib/texts.js";
import { dayText, hoursText, timeText } from "./documents-texts.js";

export const BY = ["month", "audience", "scheme", "employer", "class", "course", "path", "room", "trainer"];
const KINDS = ["on-site", "live-remote", "self-paced"];
const kindName = (kind) => t(`hours_${kind.replace("-", "_")}`);

/** What a row is called: "March 2026" of a month. */
function titleOf(row, by) {
  if (by !== "month" || !/^\d{4}-\d\d$/.test(row.title)) return row.title;
  return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" }).format(new Date(`${row.title}-15T12:00Z`));
}

/** The choice of what the rows are. */
export function byTemplate(by) {
  return html`<label>${t("totals_by")}<select name="by">${BY.map((one) => html`<option value=${one} ?selected=${one === by}>${t(`by_${one}`)}</option>`)}</select></label>`;
}

export function totalsTemplate({ rows, whole, several }, by, label, link) {
  if (!rows.length) return html`<p class="notice">${t("totals_none")}</p>`;
  const most = Math.max(1, ...rows.flatMap((row) => KINDS.map((kind) => row.minutes[kind] ?? 0)));
  const cell = (row, kind) => {
    const minutes = row.minutes[kind] ?? 0;
    const time = timeText(minutes);
    return html`<td data-label=${kindName(kind)}>${minutes ? link({ key: row.key }, html`${time}<meter min="0" max=${most} value=${minutes} aria-hidden="true"></meter>`, t("totals_open", { title: titleOf(row, by), time })) : "–"}</td>`;
  };
  const acts = (row) =>
    html`<td data-label=${t("totals_done")}>${row.done?.toLocaleString(locale) ?? "–"}</td><td data-label=${t("totals_absent")}>${row.absent.toLocaleString(locale)}</td>`;
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${label}><table class="data totals"><thead><tr><th scope="col">${t(`by_${by}`)}</th><th scope="col">${t("totals_people")}</th>${KINDS.map((kind) => html`<th scope="col">${kindName(kind)}</th>`)}<th scope="col">${t("totals_overlap")}</th><th scope="col">${t("totals_done")}</th><th scope="col">${t("totals_absent")}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr><th scope="row">${titleOf(row, by)}</th><td data-label=${t("totals_people")}>${row.people.toLocaleString(locale)}</td>${KINDS.map((kind) => cell(row, kind))}<td data-label=${t("totals_overlap")}>${row.overlap ? timeText(row.overlap) : "–"}</td>${acts(row)}</tr>`)}</tbody>
    <tfoot><tr><th scope="row">${t("totals_whole")}</th><td data-label=${t("totals_people")}>${whole.people.toLocaleString(locale)}</td>${KINDS.map((kind) => html`<td data-label=${kindName(kind)}>${timeText(whole.minutes[kind] ?? 0)}</td>`)}<td data-label=${t("totals_overlap")}>${timeText(whole.overlap)}</td>${acts(whole)}</tr></tfoot></table></div>
    ${several ? html`<p class="hint">${t("totals_several")}</p>` : nothing}`;
}

/** The lines of a row; `urls` says where a learner's documents and an event are, for those who may see them. */
export function linesTemplate({ lines, count, pages }, report, { by, key, page }, link, urls = null) {
  const row = report.rows.find((one) => one.key === key);
  const title = row ? titleOf(row, by) : key;
  const linked = (url, text) => (url ? html`<a href=${url}>${text}</a>` : text);
  return html`<p>${link({}, t("totals_back"))}</p>
    <h2>${t("totals_lines", { title })}</h2>
    <p class="facts">${KINDS.filter((kind) => row?.minutes[kind]).map((kind) => html`<span>${hoursText(kind, row.minutes[kind])}</span>`)}<span>${t("totals_count", { count })}</span></p>
    <div class="table-wrap" tabindex="0" role="region" aria-label=${t("totals_lines", { title })}><table class="data"><thead><tr><th scope="col">${t("totals_day")}</th><th scope="col">${t("totals_learner")}</th><th scope="col">${t("totals_what")}</th><th scope="col">${t("totals_counts")}</th><th scope="col">${t("totals_signed")}</th></tr></thead>
    <tbody>${lines.map((line) => {
      const signed = ["learner", "trainer"].filter((side) => line[`${side}_signed`]);
      return html`<tr><td data-label=${t("totals_day")}>${dayText(line.day)}</td><th scope="row">${linked(urls && `${urls.documents}?person=${line.person_id}`, line.name)}</th><td data-label=${t("totals_what")}>${linked(urls && line.event && `${urls.events}?event=${line.event}`, line.title)}</td><td data-label=${t("totals_counts")}>${hoursText(line.kind, line.minutes)}${line.overlap ? html`<br /><small>${t("totals_overlaps", { time: timeText(line.overlap), lines: line.overlaps.join(", ") })}</small>` : nothing}</td><td data-label=${t("totals_signed")}>${line.event ? signed.map((side) => t(`totals_${side}_signed`)).join(", ") || t("totals_nobody") : "–"}</td></tr>`;
    })}</tbody></table></div>
    ${pages > 1 ? html`<p class="actions">${page > 1 ? link({ key, page: page - 1 }, t("totals_previous")) : nothing} ${t("totals_page", { page, pages })} ${page < pages ? link({ key, page: page + 1 }, t("totals_next")) : nothing}</p>` : nothing}`;
}
