// Shows the progress of a course on lists of modules: `[data-module]` with a `[data-state]` in each.
import { t } from "../lib/texts.js";

const STATES = { done: "state_done", started: "state_started", open: "state_open", renew: "state_renew" };

/** Marks every listed module with its state; `modules` is the list that the API gives. */
export function showStates(root, modules) {
  for (const module of modules) {
    for (const item of root.querySelectorAll(`[data-module="${CSS.escape(module.id)}"]`)) {
      item.dataset.progress = module.state;
      const state = item.querySelector("[data-state]");
      if (state) state.textContent = module.state === "open" ? "" : ` · ${stateText(module)}`;
    }
  }
}

/** The words for a module's state. */
export function stateText({ state, changed }) {
  return changed ? `${t(STATES[state])} · ${t("state_changed")}` : t(STATES[state]);
}
