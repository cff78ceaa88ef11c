// What waits for somebody who works at the centre: in the header with how much, and on their first page what it is.
import "./account-texts.js";
import { html, nothing, render } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { isOne, lang, locale, t } from "../lib/texts.js";
import { api } from "./server.js";

const late = (desk) => desk.classes.reduce((sum, group) => sum + group.late, 0);
const TOOLS = {
  classes: [late, "desk_late"],
  questions: [(desk) => desk.questions, "desk_questions"],
  events: [(desk) => desk.to_sign.length, "desk_to_sign"],
  people: [() => 0, ""],
  upkeep: [(desk) => desk.letters, "desk_letters"],
};
let asked = null;

/** What waits for a person with these pages, asked once a page. */
export const loadDesk = (pages) => {
  asked ??= Promise.all([api.get(`/desk?lang=${lang}`), pages.includes("upkeep") ? api.get("/health") : null]).then(
    ([desk, health]) => ({ ...desk, letters: health?.undecided ?? 0 }),
  );
  return asked;
};

const counted = (count, key) => (isOne(count) ? t(`${key}_one`) : t(key, { count }));

const badge = (count, key) =>
  count
    ? html`\u00a0<span class="chip chip-late"><span aria-hidden="true">${count}</span><span class="visually-hidden">${counted(count, key)}</span></span>`
    : nothing;

/** Puts the tools of a person into the header, beside the courses, and their counts into the menu. */
export async function showTools(account, { pages }) {
  // An administrator has their own, and the others in the menu.
  const own = pages.includes("people") ? ["events", "people", "upkeep"] : ["classes", "questions", "events"];
  const names = own.filter((name) => pages.includes(name));
  const place = document.createElement("span");
  place.className = "tools";
  document.querySelector(".top-nav").append(place);
  const here = (name) => (document.querySelector(`.page-${name}`) ? "page" : nothing);
  const draw = (desk) =>
    render(
      names.map((name) => {
        const [count, key] = TOOLS[name];
        return html`<a href=${account.getAttribute(name)} aria-current=${here(name)}>${t(`tool_${name}`)}${desk ? badge(count(desk), key) : nothing}</a>`;
      }),
      place,
    );
  draw(null);
  try {
    const desk = await loadDesk(pages);
    draw(desk);
    for (const name of names) {
      const [count, key] = TOOLS[name];
      const chip = document.createElement("span");
      account.querySelector(`.menu-panel a[href="${account.getAttribute(name)}"]`)?.append(chip);
      render(badge(count(desk), key), chip);
    }
    // Where the links have no room, the menu says that something waits.
    const sum = names.reduce((all, name) => all + TOOLS[name][0](desk), 0);
    if (sum && !place.offsetParent) {
      const chip = Object.assign(document.createElement("span"), { className: "chip chip-late", textContent: sum });
      chip.ariaHidden = "true"; // The menu says it of each.
      account.before(chip);
    }
  } catch {
    // Without an answer there are links and no counts.
  }
}

/** What waits, as lines that lead to it. */
export function deskTemplate(desk, page) {
  const lines = [
    ...desk.classes.map(
      (group) =>
        html`<li><a href=${`${page.getAttribute("classes")}?class=${group.id}`}>${group.name}</a> <span class="chip chip-late">${counted(group.late, "desk_late")}</span></li>`,
    ),
    desk.questions
      ? html`<li><a href=${page.getAttribute("questions")}>${t("tool_questions")}</a> <span class="chip chip-late">${counted(desk.questions, "desk_questions")}</span></li>`
      : nothing,
    ...desk.to_sign.map(
      (half) =>
        html`<li><a href=${`${page.getAttribute("events")}?event=${half.event_id}`}>${half.title}</a> <span class="chip chip-late">${t("desk_sign")}</span> <span class="due-date">${dateAndTime(half.begins, locale)}</span></li>`,
    ),
    desk.letters
      ? html`<li><a href=${page.getAttribute("upkeep")}>${t("tool_upkeep")}</a> <span class="chip chip-late">${counted(desk.letters, "desk_letters")}</span></li>`
      : nothing,
  ].filter((line) => line !== nothing);
  return html`<section aria-labelledby="desk"><h2 id="desk">${t("desk_title")}</h2>
    ${lines.length ? html`<ul class="due-list">${lines}</ul>` : html`<p class="notice notice-good">${t("desk_empty")}</p>`}</section>`;
}
