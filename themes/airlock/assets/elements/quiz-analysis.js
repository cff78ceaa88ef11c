// The item analysis of a quiz: sentences first, figures behind them.
import { html, nothing } from "lit/html.js";
import { longDate, share, spent } from "../lib/format.js";
import { locale, t } from "../lib/texts.js";
import { placed } from "./lesson-html.js";

const figure = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shown = (value) => (value === null ? "–" : share(value, locale));
const number = (value) => (value === null ? "–" : figure.format(value));

/** Text of an option without its marks, for a sentence. */
function words(source) {
  const template = document.createElement("template");
  template.innerHTML = source;
  return template.content.textContent.trim();
}

function reliabilityWords(alpha) {
  if (alpha >= 0.7) return t("analysis_alpha_good");
  return t(alpha >= 0.5 ? "analysis_alpha_fair" : "analysis_alpha_low");
}

/** `found` as the API gives it; `choose(name, value)` and `file(format)` belong to the page. */
export function analysisTemplate(found, { classes, classId, choose, file }) {
  const show = (source) => placed(source, found.module_id);
  return html`<h1 tabindex="-1">${found.title}${t("colon")} ${t("analysis_title")}</h1>
    <div class="matrix-tools">
      ${classes.length ? html`<label class="inline">${t("analysis_who")} <select @change=${(event) => choose("class_id", event.target.value)}><option value="">${t("analysis_everybody")}</option>${classes.map((line) => html`<option value=${line.id} ?selected=${line.id === classId}>${line.name}</option>`)}</select></label>` : nothing}
      ${found.versions.length > 1 ? html`<label class="inline">${t("analysis_version")} <select @change=${(event) => choose("version", event.target.value)}><option value="">${t("analysis_same")}</option>${found.versions.map((line) => html`<option value=${line.version} ?selected=${line.version === found.version}>${longDate(line.published_at, locale)}${line.current ? ` (${t("analysis_current")})` : ""}${t("colon")} ${line.learners}</option>`)}</select></label>` : nothing}
      <span class="matrix-acts"><a class="button small quiet" href=${file("xlsx")} download>.xlsx</a> <a class="button small quiet" href=${file("csv")} download>CSV</a></span>
    </div>
    ${found.learners ? html`${summaryTemplate(found)}<ol class="analysis-list">${found.questions.map((question, place) => questionTemplate(question, place + 1, show))}</ol>${notesTemplate()}` : html`<p class="notice">${t("analysis_nobody")}</p>`}`;
}

function summaryTemplate(found) {
  const points = found.standard_error === null ? null : Math.round(100 * found.standard_error);
  return html`<dl class="figures">
      <div><dt>${t("analysis_learners")}</dt><dd>${found.learners}</dd></div>
      <div><dt>${t("analysis_mean")}</dt><dd>${shown(found.mean)}</dd></div>
      <div><dt>${t("analysis_passed")}</dt><dd>${shown(found.pass_rate)}</dd></div>
      <div><dt>${t("analysis_time")}</dt><dd>${spent(found.median_seconds)}</dd></div>
      <div><dt>${t("analysis_alpha")}</dt><dd>${number(found.alpha)}</dd></div>
      <div><dt>${t("analysis_error")}</dt><dd>${points === null ? "–" : t("analysis_points", { points })}</dd></div>
    </dl>
    <ul class="remarks">
      <li>${t("analysis_first")}${found.capped ? ` ${t("analysis_capped")}` : ""}</li>
      ${found.few ? html`<li class="remark-few">${t("analysis_few")}</li>` : nothing}
      ${found.drawn ? html`<li>${t("analysis_drawn")}</li>` : nothing}
      ${found.alpha === null ? nothing : html`<li>${reliabilityWords(found.alpha)}</li>`}
      ${points === null ? nothing : html`<li>${t("analysis_error_words", { points })}</li>`}
    </ul>`;
}

function remarkTemplate(remark) {
  const option = words(remark.option);
  const part = remark.share === null ? "" : shown(remark.share);
  return html`<li class="remark-${remark.code}">${t(`remark_${remark.code}`, { option, share: part })}</li>`;
}

function questionTemplate(question, place, show) {
  return html`<li class="panel"><div class="question-stem">${show(question.stem)}</div>
    <ul class="remarks">${question.remarks.map(remarkTemplate)}</ul>
    <p class="facts"><span>${t("analysis_facility", { value: shown(question.facility) })}</span><span>${t("analysis_discrimination", { value: number(question.discrimination) })}</span><span>${t("analysis_asked", { count: question.asked })}</span>${question.alpha_without === null ? nothing : html`<span>${t("analysis_without", { value: number(question.alpha_without) })}</span>`}${question.critical ? html`<span>${t("analysis_critical")}</span>` : nothing}</p>
    ${
      question.options.length
        ? html`<div class="table-wrap" role="region" aria-label=${t("analysis_answers", { number: place })} tabindex="0"><table class="data"><thead><tr><th scope="col">${t("analysis_answer")}</th><th scope="col" class="number">${t("analysis_chosen")}</th><th scope="col" class="number">${t("analysis_upper")}</th><th scope="col" class="number">${t("analysis_lower")}</th></tr></thead>
      <tbody>${question.options.map(
        (option) =>
          html`<tr class=${option.right ? "is-right" : ""}><th scope="row">${option.right ? html`<span class="tick" aria-hidden="true"></span><span class="visually-hidden">${t("said_right")}${t("colon")} </span>` : nothing}${option.place ? html`<span class="said-place">${show(option.place)}</span> ` : nothing}${show(option.html)}</th><td class="number" data-label=${t("analysis_chosen")}><span class="together">${shown(option.share)} · ${option.chosen}</span></td><td class="number" data-label=${t("analysis_upper")}>${shown(option.upper)}</td><td class="number" data-label=${t("analysis_lower")}>${shown(option.lower)}</td></tr>`,
      )}</tbody></table></div>`
        : nothing
    }</li>`;
}

function notesTemplate() {
  return html`<details class="fold"><summary>${t("analysis_notes")}</summary><dl class="analysis-notes">${["facility", "discrimination", "thirds", "alpha", "error"].map((name) => html`<dt>${t(`analysis_note_${name}`)}</dt><dd>${t(`analysis_note_${name}_text`)}</dd>`)}</dl></details>`;
}
