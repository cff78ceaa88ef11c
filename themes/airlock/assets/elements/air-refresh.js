// Refreshers: a few questions that are about to be forgotten, one after another. Marked by the server; nothing is at stake.
import { html, nothing } from "lit/html.js";
import { lang, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { pageOf } from "./lesson-html.js";
import { dayText } from "./readiness-texts.js";
import { api } from "./server.js";

class AirRefresh extends AppPage {
  title = t("page_refresh");
  #today = null;
  #place = 0;
  #right = 0;
  #answered = 0;
  #shown = null; // The question as an element; null where it could not be made.
  #grade = null;
  #pages = new Map();
  #questionOf = null;

  async load() {
    // The kinds of questions come with quizzes, in one file.
    this.#questionOf = (await import("./air-quiz.js")).questionOf;
    this.#today = await api.post("/refreshers", { lang }, { key: crypto.randomUUID() });
    this.#place = 0;
    await this.#show();
  }

  get #card() {
    return this.#today.cards[this.#place] ?? null;
  }

  #url(id) {
    return pageOf(this, id);
  }

  /** The element of the question: of what the server gave, or out of the page of its lesson. */
  async #show() {
    this.#grade = null;
    this.#shown = null;
    const card = this.#card;
    if (!card) return;
    try {
      this.#shown = card.html ? this.#questionOf(card, this.#place + 1, []) : await this.#fromPage(card);
    } catch {
      this.#shown = null;
    }
  }

  async #fromPage(card) {
    const address = this.#url(card.module_id);
    if (!this.#pages.has(address)) {
      const reply = await fetch(address, { credentials: "same-origin" });
      if (!reply.ok) throw new Error(String(reply.status));
      this.#pages.set(address, new DOMParser().parseFromString(await reply.text(), "text/html"));
    }
    const page = this.#pages.get(address);
    const quiz = page.querySelector(`air-quiz[quiz="${CSS.escape(card.quiz_id)}"]`);
    const found = [...(quiz?.querySelectorAll(".question") ?? [])].find(
      (one) => one.getAttribute("question") === card.question_id,
    );
    if (!found) return null;
    const question = document.importNode(found, true);
    for (const number of question.querySelectorAll(".number")) number.textContent = this.#place + 1;
    for (const element of question.querySelectorAll("[src]"))
      element.setAttribute("src", new URL(element.getAttribute("src"), new URL(address, location.href)).pathname);
    return question;
  }

  #body() {
    const card = this.#card;
    return { module: card.module_id, quiz: card.quiz_id, question: card.question_id, lang };
  }

  #check = async (event) => {
    event.preventDefault();
    if (this.#grade) return this.#next();
    if (this.#shown.problem) return this.#shown.showProblem();
    if (!this.#shown.answered) {
      this.message = { text: t("refresh_missing"), good: false };
      return this.update();
    }
    await this.act(
      "/refreshers/answers",
      { ...this.#body(), response: this.#shown.response },
      {
        after: (grade) => {
          this.#grade = grade;
          this.#answered += 1;
          this.#right += grade.correct ? 1 : 0;
          this.#shown.showGrade(grade, grade.key);
          this.#shown.lock(true);
        },
        failed: (error) => {
          if (error.passing) this.message = { text: t("refresh_offline"), good: false };
          if (error.code === "not_due") this.#next();
        },
      },
    );
  };

  async #next() {
    this.#place += 1;
    this.message = null;
    await this.#show();
    this.update();
    (this.querySelector(".stem") ?? this.querySelector("h1")).focus();
  }

  #skip = () => this.act("/refreshers/skips", this.#body(), { after: () => this.#next(), failed: () => this.#next() });

  draw() {
    const cards = this.#today.cards;
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${cards.length ? html`<p>${t("refresh_intro")}</p>` : nothing}
      ${this.messageTemplate()}
      ${this.#card ? this.#cardTemplate() : this.#endTemplate()}
      ${this.#today.total ? html`<p class="hint">${t("refresh_kept", { count: this.#today.total, mistakes: this.#today.mistakes })}</p>` : nothing}`;
  }

  #cardTemplate() {
    const card = this.#card;
    const last = this.#place + 1 === this.#today.cards.length;
    return html`<form class="panel refresh" novalidate @submit=${this.#check}>
      <p class="kicker"><span>${t("refresh_place", { number: this.#place + 1, count: this.#today.cards.length })}</span> · <a href=${this.#url(card.module_id)}>${card.title}</a>${card.mistaken ? html` · ${t("refresh_mistake")}` : nothing}</p>
      <div class="md-typeset">${this.#shown ?? html`<p class="notice">${t("refresh_gone")}</p>`}</div>
      ${this.#grade ? html`<p class="hint" role="status">${t("refresh_again", { day: dayText(this.#grade.next_at) })}</p>` : nothing}
      <p class="actions">${
        this.#grade
          ? html`<button type="submit" class="button">${t(last ? "refresh_end" : "refresh_next")}</button>`
          : html`${this.#shown ? html`<button type="submit" class="button" ?disabled=${this.busy}>${t("refresh_check")}</button>` : nothing}
            <button type="button" class="button quiet" ?disabled=${this.busy} @click=${this.#skip}>${t("refresh_skip")}</button>`
      }</p></form>`;
  }

  #endTemplate() {
    const { total, next_at: next, done } = this.#today;
    const text = total ? t("refresh_done") : t("refresh_nothing");
    return html`<div class="next-card ${total ? "next-card-done" : ""}"><p class=${total ? "next-title" : ""} role="status">${text}</p>
      ${this.#answered ? html`<p>${t("refresh_done_some", { right: this.#right, count: this.#answered })}</p>` : nothing}
      ${next && !this.#answered && !done ? html`<p>${t("refresh_later", { day: dayText(next) })}</p>` : nothing}
      <p><a class="button quiet" href=${this.getAttribute("learning")}>${t("page_learning")}</a></p></div>`;
  }
}

customElements.define("air-refresh", AirRefresh);
