// Questions to the trainer: below a lesson (air-discussion), and all that wait for an answer (air-questions).

import { live } from "lit/directives/live.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { html, nothing, render } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { errorText, lang, locale, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { api, storage } from "./server.js";

/** What both have in common: threads with their answers, and what one can do with them. */
const Threads = (Base) =>
  class extends Base {
    threads = [];
    busy = false;
    problem = "";
    said = "";
    #keys = new Map();

    async send(path, body, said = "") {
      if (this.busy) return false;
      this.busy = true;
      this.problem = this.said = "";
      this.update();
      const sent = `${path} ${JSON.stringify(body)}`;
      const key = this.#keys.get(sent) ?? crypto.randomUUID();
      this.#keys.set(sent, key);
      try {
        await api.post(path, body, { key });
        this.#keys.delete(sent);
        await this.load();
        this.said = said;
        return true;
      } catch (error) {
        if (!error.passing) this.#keys.delete(sent);
        this.problem = errorText(error);
        return false;
      } finally {
        this.busy = false;
        this.update();
        this.querySelector(".told p, .alert")?.scrollIntoView({ block: "nearest" });
      }
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

class AirDiscussion extends Threads(HTMLElement) {
  #person = null;
  #classes = [];
  #open = false;
  #text = "";
  #who = null;

  async connectedCallback() {
    try {
      this.#person = (await api.me()).person;
      if (!this.#person) return;
      await this.load();
      this.#text = storage?.getItem(this.#draft) ?? "";
      this.#open = Boolean(this.#text) || location.hash === "#questions";
      this.update();
      if (location.hash === "#questions") this.scrollIntoView();
    } catch {
      // Without the API the lesson reads; there is nobody to ask.
    }
  }

  get #module() {
    return this.getAttribute("module");
  }

  get #draft() {
    return `airlock:question:${this.#person.id}:${this.#module}`;
  }

  async load() {
    const found = await api.get(`/modules/${this.#module}/threads?lang=${lang}`);
    this.threads = found.threads;
    this.#classes = found.classes;
  }

  update() {
    const headings = [...document.querySelectorAll(".prose h2[id], .prose h3[id]")].filter(
      (heading) => !heading.closest("air-quiz, air-discussion, .next-step, .objectives, .checklist"),
    );
    const names = new Map(headings.map((heading) => [heading.id, heading.textContent]));
    render(
      html`<h2>${t("questions_title")}</h2>
      ${this.tellTemplate()}
      ${this.threads.length ? html`<ul class="thread-list">${this.threads.map((thread) => this.threadTemplate(thread, { place: names.has(thread.anchor) ? html`<p class="hint">${t("question_about")} <a href=${`#${thread.anchor}`}>${names.get(thread.anchor)}</a></p>` : nothing }))}</ul>` : html`<p>${t("questions_none")}</p>`}
      <details class="fold panel" ?open=${this.#open} @toggle=${(event) => {
        this.#open = event.target.open;
      }}><summary>${t("question_ask")}</summary>
        <form class="stack" @submit=${this.#ask}>
          <label>${t("question_yours")}<textarea name="text" rows="3" maxlength="4000" required .value=${this.#text} @input=${(event) => this.#keep(event.target.value)}></textarea></label>
          <label>${t("question_about")}<select name="anchor"><option value="">${t("question_whole")}</option>${headings.map((heading) => html`<option value=${heading.id}>${heading.textContent}</option>`)}</select></label>
          ${
            this.#classes.length
              ? html`<label>${t("question_class")}<select name="class_id" @change=${(event) => {
                  this.#who = event.target.value;
                  this.update();
                }}>${[...this.#classes, { id: "", name: "" }].map((group, place) => html`<option value=${group.id} ?selected=${this.#who === null ? place === 0 : group.id === this.#who}>${group.id ? t("question_to_class", { name: group.name }) : t("question_to_trainers")}</option>`)}</select></label>`
              : nothing
          }
          ${this.#classes.length && this.#who !== "" ? html`<label class="check"><input type="checkbox" name="shared" /> ${t("question_share_class")}</label>` : nothing}
          ${this.#classes.length ? nothing : html`<p class="hint">${t("question_who_trainers")}</p>`}
          <p class="actions"><button type="submit" class="button small" ?disabled=${this.busy}>${t("question_send")}</button></p>
        </form></details>`,
      this,
    );
  }

  /** What was typed survives a reload and a lost connection. */
  #keep(text) {
    this.#text = text;
    try {
      if (text) storage?.setItem(this.#draft, text);
      else storage?.removeItem(this.#draft);
    } catch {
      // Full or forbidden storage: the text is still in the field.
    }
  }

  #ask = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const body = {
      text: data.get("text"),
      anchor: data.get("anchor"),
      class_id: data.get("class_id") || null,
      shared: Boolean(data.get("shared")),
    };
    if (await this.send(`/modules/${this.#module}/threads`, body, t("question_asked"))) {
      this.#keep("");
      this.#open = false;
      this.update();
    }
  };
}

class AirQuestions extends Threads(AppPage) {
  title = t("page_questions");

  refusal(person) {
    return person.role === "learner" ? t("questions_not_for_you") : "";
  }

  async load() {
    this.threads = (await api.get(`/threads?lang=${lang}`)).threads;
  }

  draw() {
    return html`<h1 tabindex="-1">${this.title}</h1><p>${t("questions_intro")}</p>${this.tellTemplate()}
      ${this.threads.length ? html`<ul class="thread-list">${this.threads.map((thread) => this.threadTemplate(thread, { place: html`<p class="hint"><a href=${`${new URL(this.getAttribute("base"), location.href).pathname}${thread.module_id}/#questions`}>${thread.title}</a>${thread.class_name ? html` · ${thread.class_name}` : nothing}</p>` }))}</ul>` : html`<p class="notice">${t("questions_no_wait")}</p>`}`;
  }
}

customElements.define("air-discussion", AirDiscussion);
customElements.define("air-questions", AirQuestions);
