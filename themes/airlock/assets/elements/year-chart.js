// The months of a year as columns, one picture for each kind of hours: kinds are never stacked on one another.

import { html, svg } from "lit/html.js";
import { locale, t } from "../lib/texts.js";
import { timeText } from "./documents-texts.js";

const [WIDTH, HEIGHT, LABELS, STEP] = [300, 110, 14, 25];

/** `months` are rows of totals by month; `year` is the year whose months are shown. */
export function yearChart(months, year, kind) {
  const minutes = Array.from({ length: 12 }, (_, month) => {
    const key = `${year}-${String(month + 1).padStart(2, "0")}`;
    return months.find((row) => row.key === key)?.minutes[kind] ?? 0;
  });
  const most = Math.max(60, ...minutes);
  const name = t(`hours_${kind.replace("-", "_")}`);
  const nameOf = (month, form) =>
    new Intl.DateTimeFormat(locale, { month: form, timeZone: "UTC" }).format(new Date(Date.UTC(year, month, 15)));
  const told = minutes
    .map((time, month) => (time ? `${nameOf(month, "long")} ${timeText(time)}` : ""))
    .filter(Boolean)
    .join(", ");
  return html`<figure class="year-chart chart-${kind}"><figcaption><b>${name}</b> <span class="hint">${t("centre_chart_most", { time: timeText(Math.max(0, ...minutes)) })}</span></figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT + LABELS}" role="img" aria-label="${name}: ${told || t("centre_chart_none")}">
      <line x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT}></line>
      ${minutes.map((time, month) => {
        const height = time ? Math.max(2, Math.round((HEIGHT - 6) * (time / most))) : 0;
        return svg`<rect x=${month * STEP + 4} y=${HEIGHT - height} width=${STEP - 8} height=${height}><title>${nameOf(month, "long")}: ${timeText(time)}</title></rect><text x=${month * STEP + STEP / 2} y=${HEIGHT + LABELS - 3}>${nameOf(month, "narrow")}</text>`;
      })}</svg></figure>`;
}
