// Pages of the application that learners seldom open: each is one element, loaded where it stands.
const pages = {
  "air-audit": () => import("./air-audit.js"),
  "air-centre": () => import("./air-centre.js"),
  "air-check": () => import("./air-check.js"),
  "air-classes": () => import("./air-classes.js"),
  "air-company": () => import("./air-company.js"),
  "air-documents": () => import("./air-documents.js"),
  "air-event": () => import("./air-event.js"),
  "air-events": () => import("./air-events.js"),
  "air-refresh": () => import("./air-refresh.js"),
  "air-join": () => import("./air-join.js"),
  "air-hours": () => import("./air-hours.js"),
  "air-inspect": () => import("./air-inspect.js"),
  "air-mailbox": () => import("./air-messages.js"),
  "air-messages": () => import("./air-messages.js"),
  "air-my-account": () => import("./air-my-account.js"),
  "air-my-data": () => import("./air-my-data.js"),
  "air-outcome": () => import("./air-outcome.js"),
  "air-people": () => import("./air-people.js"),
  "air-questions": () => import("./air-questions.js"),
  "air-results": () => import("./air-results.js"),
  "air-screen": () => import("./air-screen.js"),
  "air-settings": () => import("./air-settings.js"),
  "air-upkeep": () => import("./air-upkeep.js"),
};

for (const [tag, load] of Object.entries(pages)) {
  if (document.querySelector(tag)) load();
}
