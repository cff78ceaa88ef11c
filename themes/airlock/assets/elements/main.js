// Entry point of every page. What only some pages need is loaded when the page has it.
import "./air-account.js";
import "./air-theme.js";
import "./air-search.js";
import { readOffline } from "./offline.js";
import { api } from "./server.js";

const parts = {
  "air-lesson": () => import("./air-lesson.js"),
  "air-quiz": () => import("./air-quiz.js"),
  "air-scene": () => import("./air-scene.js"),
  "air-launch": () => import("./air-launch.js"),
  "air-course": () => import("./air-course.js"),
  "air-filter": () => import("./air-filter.js"),
  "air-learning": () => import("./air-learning.js"),
  "air-sign-in": () => import("./air-sign-in.js"),
  "air-welcome": () => import("./air-sign-in.js"),
  "air-readiness": () => import("./air-readiness.js"),
  "air-dates": () => import("./air-dates.js"),
  "air-discussion": () => import("./air-discussion.js"),
  "air-tabs": () => import("./air-tabs.js"),
};

for (const [tag, load] of Object.entries(parts)) {
  if (document.querySelector(tag)) load();
}
// A page of the application that learners seldom open; a list of all of them would be a part of each lesson.
const app = document.querySelector(".app > *");
if (app && !(app.localName in parts)) import("./app-pages.js");

addEventListener("load", readOffline);

// After signing out, Back shows nothing of before.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !api.isStale(performance.timeOrigin)) return;
  document.body.hidden = true;
  location.reload();
});

// A table or a formula that is wider than the screen can be scrolled by keyboard too.
const scrollable = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const wide of document.querySelectorAll(".prose table, .maths")) scrollable.observe(wide);

// A menu closes on Escape and when something else is clicked.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
