// Questions to the trainer with their answers, and what one can do with them: for the pages that show them.
import { live } from "lit/directives/live.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { html, nothing } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { errorText, locale, t } from "../lib/texts.js";
import { api } from "./server.js";

/** Adds them to a class of elements, which has `load()` and `update()`. */
export const Threads = (Base) =>
  class extends Base {
    threads = [];
    busy = false;
    problem = "";
    said = "";

    async send(path, body, said = "") {
      if (this.busy) return false;
      this.busy = true;
      this.problem = this.said = "";
      this.update();
      try {
        await api.once(path, body);
        this.said = said;
      } catch (error) {
        this.problem = errorText(error);
      }
      if (!this.problem) {
        // It is done, also if the page cannot show it.
        await this.load().catch(() => {
          this.said = t("saved_not_shown");
        });
      }
      this.busy = false;
      this.update();
      this.querySelector(".told p, .alert")?.scrollIntoView({ block: "nearest" });
      return !this.problem;
    }

    tellTemplate() {
      return html`<div class="told" role="status">${this.said ? html`<p class="notice notice-good">${this.said}</p>` : nothing}</div>${this.problem ? html`<p class="alert" role="alert">${this.problem}</p>` : nothing}`;
    }

    threadTemplate(thread, { place = nothing } = {}) {
      const path = `/threads/${thread.id}`;
      return html`<li class="panel thread ${thread.hidden ? "is-hidden" : ""}" id=${`thread-${thread.id}`}>
        ${place}
        ${this.#postTemplate(thread, thread, path, null)}
        ${thread.mine && thread.class_name ? html`<p><label class="check"><input type="checkbox" .checked=${live(thread.shared)} ?disabled=${this.busy} @change=${(event) => this.send(`${path}/sharing`, { shared: event.target.checked }, t("saved"))} /> ${t("question_share", { name: thread.class_name })}</label></p>` : nothing}
        ${thread.replies.length ? html`<ol class="reply-list">${thread.replies.map((item) => html`<li class=${item.hidden ? "is-hidden" : ""}>${this.#postTemplate(item, thread, path, item.id)}${thread.source ? this.#lineTemplate(thread, item) : nothing}</li>`)}</ol>` : nothing}
        ${
          thread.may_answer
            ? html`<details class="fold"><summary>${t(thread.mine ? "question_say_more" : "question_answer")}</summary>
          <form class="stack" @submit=${(event) => this.#answer(event, path)}><label><span class="visually-hidden">${t("question_your_answer")}</span><textarea name="text" rows="3" maxlength="4000" required></textarea></label><p class="hint">${t("question_markdown")}</p>
          <p class="actions"><button type="submit" class="button small" ?disabled=${this.busy}>${t("question_send")}</button></p></form></details>`
            : nothing
        }</li>`;
    }

    #postTemplate(post, thread, path, reply) {
      const staff = post.role && post.role !== "learner";
      return html`<p class="facts"><span><b>${post.author}</b>${staff ? html` · ${t(`role_${post.role}`)}` : nothing}</span><span>${dateAndTime(post.at, locale)}</span>${post.hidden ? html`<span class="chip chip-late">${t("question_hidden")}</span>` : nothing}${post.reports ? html`<span class="chip chip-late">${t("question_reported", { count: post.reports })}</span>` : nothing}</p>
        <div class="post-text">${unsafeHTML(post.html)}</div>
        <p class="post-acts">${thread.may_moderate ? html`<button type="button" class="linklike" ?disabled=${this.busy} @click=${() => this.send(`${path}/hiding`, { hidden: !post.hidden, reply_id: reply }, t(post.hidden ? "question_is_shown" : "question_is_hidden"))}>${t(post.hidden ? "question_show" : "question_hide")}</button>${post.reports && !post.hidden ? html` <button type="button" class="linklike" ?disabled=${this.busy} @click=${() => this.send(`${path}/hiding`, { hidden: false, reply_id: reply }, t("saved"))}>${t("question_all_right")}</button>` : nothing}` : post.mine ? nothing : html`<button type="button" class="linklike" ?disabled=${this.busy} @click=${() => this.send(`${path}/reports`, { reply_id: reply }, t("question_report_sent"))}>${t("question_report")}</button>`}</p>`;
    }

    /** Where the lesson says it, so that an answer can become a line of it. */
    #lineTemplate(thread, reply) {
      return html`<p class="post-acts"><button type="button" class="linklike" @click=${() => this.#copy(reply.text)}>${t("question_copy")}</button>
        ${thread.source_url ? html`<a href=${thread.source_url} rel="noopener">${t("question_to_source")}</a> ` : nothing}<code>content/${thread.source}</code></p>`;
    }

    async #copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        this.said = t("question_copied");
      } catch {
        this.problem = t("question_not_copied");
      }
      this.update();
    }

    async #answer(event, path) {
      event.preventDefault();
      const form = event.target;
      if (await this.send(`${path}/replies`, { text: new FormData(form).get("text") }, t("question_answered"))) {
        form.reset();
        form.closest("details").open = false;
      }
    }
  };
