// The landing page of a course: how far one is, and a button that goes on where one stopped.
import { t } from "../lib/texts.js";
import { showStates } from "./progress.js";
import { api } from "./server.js";

class AirCourse extends HTMLElement {
  async connectedCallback() {
    try {
      const { person } = await api.me();
      if (!person) return;
      const { modules, done, total } = await api.get(`/courses/${this.getAttribute("course")}/progress`);
      showStates(document, modules);
      const next = modules.find((module) => module.state !== "done");
      const link = this.querySelector("[data-continue]");
      const target = next && document.querySelector(`[data-module="${CSS.escape(next.id)}"] a`);
      if (link && target && modules.some((module) => module.state !== "open")) {
        link.href = target.href;
        link.textContent = t("continue_course");
        const line = document.createElement("p");
        line.className = "progress-text";
        line.textContent = t("progress_of", { done, total });
        const bar = document.createElement("div");
        bar.className = "progress-line";
        for (const module of modules) {
          const part = document.createElement("span");
          part.dataset.progress = module.state;
          bar.append(part);
        }
        this.append(line, bar);
      }
    } catch {
      // Without the API the page shows the course and no progress.
    }
  }
}

customElements.define("air-course", AirCourse);
