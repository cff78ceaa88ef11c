// What a quiz shows around its questions: facts, notices, results, buttons. Templates of a state, nothing else.
import { html, nothing } from "lit/html.js";
import { timeWords } from "../lib/clock.js";
import { longDate, percent, span, timeOfDay } from "../lib/format.js";
import { locale, t } from "../lib/texts.js";

const done = (history) => history.attempts.filter((attempt) => attempt.submitted_at);

/** Level of a heading that stands in a quiz: one below the last heading above it. */
export function levelIn(quiz) {
  const above = [...document.querySelectorAll("h1, h2, h3, h4, h5")].filter(
    (heading) =>
      heading.compareDocumentPosition(quiz) & Node.DOCUMENT_POSITION_FOLLOWING && !heading.closest("air-quiz"),
  );
  return Number(above.at(-1)?.tagName[1] ?? 1) + 1;
}

/** Brings the keyboard to a question's words. */
export function focusStem(question) {
  const stem = question?.querySelector(".stem");
  if (!stem) return;
  stem.tabIndex = -1;
  stem.focus();
}

/** Until when one has to wait for the next attempt, null when one may begin. */
export function waitingUntil(history, now = new Date()) {
  return history.next_at && new Date(history.next_at) > now ? history.next_at : null;
}

export function facts({ quiz, practice, person, phase, history, count }) {
  if (practice) return html`<p class="quiz-facts"><span>${t("quiz_practice")}</span></p>`;
  const max = quiz.getAttribute("attempts");
  const minutes = quiz.getAttribute("minutes");
  const number = Math.min(done(history).length + (phase === "result" ? 0 : 1), Number(max) || Infinity);
  const parts = [
    count === 1 ? t("quiz_question_one") : t("quiz_questions", { count }),
    t("quiz_pass_at", { pass: quiz.getAttribute("pass") }),
  ];
  if (minutes) parts.push(t("quiz_minutes", { minutes }));
  if (quiz.hasAttribute("wait")) parts.push(t("quiz_wait_fact", { time: span(Number(quiz.getAttribute("wait"))) }));
  if (person) parts.push(max ? t("quiz_attempt_of", { number, max }) : t("quiz_attempt", { number }));
  if (quiz.getAttribute("marking") === "all-or-nothing") parts.push(t("quiz_all_or_nothing"));
  return html`<p class="quiz-facts"><strong>${t("quiz_graded")}</strong>${parts.map((part) => html`<span>${part}</span>`)}</p>`;
}

/** The time left, said without nagging: whole minutes, not read out. Warnings are announced by the quiz. */
export function clock(seconds) {
  if (seconds === null) return nothing;
  const { key, values } = timeWords(seconds);
  return html`<p class="quiz-clock" role="timer" ?data-short=${seconds <= 60}><span aria-hidden="true">◷</span> ${t(key, values)}</p>`;
}

export function notices({ phase, history, timed }, show) {
  if (phase === "nobody") {
    const link = document.querySelector("air-account")?.getAttribute("sign-in") ?? "#";
    const next = encodeURIComponent(location.pathname);
    return html`<p class="notice">${t(timed ? "quiz_sign_in_begin" : "quiz_sign_in")} <a class="button small" href="${link}?next=${next}">${t("page_sign_in")}</a></p>`;
  }
  if (phase === "no-server")
    return html`<p class="notice">${t(timed ? "quiz_no_server_handed" : "quiz_no_server")}</p>`;
  const past = done(history);
  if (!past.length) return nothing;
  const best = Math.max(...past.map((attempt) => attempt.score));
  const passed = past.some((attempt) => attempt.passed);
  return html`<div class="notice ${passed ? "notice-good" : ""}">
    <p><strong>${passed ? t("quiz_passed") : t("quiz_not_passed")}</strong> · ${t("quiz_best", { score: percent(best) })}</p>
    ${history.attempts_left === 0 ? html`<p>${t("quiz_none_left")}</p>` : nothing}
    <p><button type="button" class="button quiet small" @click=${show}>${t("quiz_show_result")}</button></p>
  </div>`;
}

/** What is said before questions are handed out, with the button that begins. */
export function beginning({ quiz, phase, history, count, message }, begin) {
  if (phase !== "open") return nothing;
  // One whose time is over is used up, and no longer to be gone on with.
  const open = history.attempts.find(
    (attempt) => !attempt.submitted_at && !(attempt.deadline && new Date(attempt.deadline) < new Date()),
  );
  if (history.attempts_left === 0 && !open) {
    return done(history).length ? nothing : html`<p class="notice">${t("quiz_none_left")}</p>`;
  }
  const until = waitingUntil(history);
  const minutes = quiz.getAttribute("minutes");
  const pool = quiz.getAttribute("pool");
  return html`<div class="quiz-begin">
    <p>${pool ? t("quiz_begin_draw", { count, pool }) : count === 1 ? t("quiz_begin_one") : t("quiz_begin_text", { count })}</p>
    ${minutes ? html`<p>${t("quiz_begin_minutes", { minutes })}</p>` : nothing}
    ${message ? html`<p class="alert" role="alert">${message}</p>` : nothing}
    ${
      until && !open
        ? html`<p>${waiting(until)}</p>`
        : html`<p><button type="button" class="button" @click=${begin}>${t(open ? "quiz_continue" : "quiz_begin")}</button></p>`
    }
  </div>`;
}

export function waiting(until) {
  return t("quiz_wait", { when: timeOfDay(until, locale) });
}

export function result({ result: found, history, level }, again) {
  const { practice, score, right, total, passed, questions } = found;
  const count = practice ? total : questions.length;
  const rightCount = practice ? right : questions.filter((question) => question.correct).length;
  const line = t("quiz_score", { score: percent(score), right: rightCount, count });
  if (practice) {
    const word = total === 1 ? t(right ? "answer_right" : score > 0 ? "answer_partly" : "answer_wrong") : line;
    return html`<div class="quiz-result" data-passed=${String(right === total)}><h3 tabindex="-1" aria-level=${level}>${total === 1 ? html`<span class="mark" aria-hidden="true"></span>` : nothing}${word}</h3></div>`;
  }
  const left = history.attempts_left;
  const until = waitingUntil(history);
  const hidden = found.release === "closed" ? "quiz_hidden_closed" : "quiz_hidden";
  return html`<div class="quiz-result" data-passed=${String(passed)}>
    <h3 tabindex="-1" aria-level=${level}><span class="mark" aria-hidden="true"></span>${passed ? t("quiz_passed") : t("quiz_not_passed")}</h3>
    <p>${line}</p>
    ${found.late ? html`<p><strong>${t("quiz_late")}</strong></p>` : nothing}
    ${found.failed_critical.length ? html`<p><strong>${t("quiz_failed_critical")}</strong></p>` : nothing}
    ${found.corrected ? correction(found.corrected) : nothing}
    ${found.released ? nothing : html`<p>${t(hidden)}</p>`}
    ${passed || left === null ? nothing : html`<p>${left === 0 ? t("quiz_none_left") : left === 1 ? t("quiz_left_one") : t("quiz_left", { count: left })}</p>`}
    ${passed || left === 0 ? nothing : until ? html`<p>${waiting(until)}</p>` : html`<p><button type="button" class="button small" @click=${again}>${t("quiz_again")}</button></p>`}
    ${past(history)}
  </div>`;
}

function correction({ at, reason, score_before }) {
  const values = { date: longDate(at, locale), score: percent(score_before), reason };
  return html`<p class="quiz-corrected">${t("quiz_corrected", values)}</p>`;
}

function past(history) {
  const attempts = done(history);
  if (attempts.length < 2) return nothing;
  return html`<details class="history"><summary>${t("history")}</summary>
    <ul>${attempts.map((attempt) => html`<li>${t("history_line", { number: attempt.number, date: longDate(attempt.submitted_at, locale), score: percent(attempt.score) })}${attempt.passed ? html` · ${t("quiz_passed")}` : nothing}</li>`)}</ul>
  </details>`;
}

export function actions(state, act) {
  const { quiz, practice, phase, history, questions, place, oneByOne, message, confirming } = state;
  if (phase === "result") {
    const may = practice || (history.attempts_left !== 0 && !waitingUntil(history));
    return may
      ? html`<button type="button" class="button quiet" @click=${act.again}>${t("quiz_again")}</button>`
      : nothing;
  }
  if (!questions.length) return nothing;
  const missing = questions.filter((question) => !question.answered);
  const sending = phase === "sending";
  const until = state.timed ? null : waitingUntil(history);
  const can = practice || (phase === "open" && history.attempts_left !== 0 && !until) || sending;
  const last = !oneByOne || place === questions.length - 1;
  const id = `confirm-${quiz.getAttribute("quiz")}`;
  const submit = sending ? "quiz_submitting" : practice ? "quiz_check" : message ? "retry" : "quiz_submit";
  return html`
    ${message ? html`<p class="alert" role="alert">${message}</p>` : nothing}
    ${until && phase === "open" ? html`<p>${waiting(until)}</p>` : nothing}
    ${oneByOne ? html`<p class="quiz-place" role="status">${t("quiz_place", { number: place + 1, count: questions.length })}</p>` : nothing}
    ${
      confirming
        ? html`<div class="quiz-confirm" role="alertdialog" aria-labelledby=${id}>
          <p id=${id}>${missing.length === 1 ? t("quiz_unanswered_one") : t("quiz_unanswered", { count: missing.length })}</p>
          <button type="button" class="button" @click=${() => act.goTo(missing[0])}>${t("quiz_go_to_open")}</button>
          <button type="submit" class="button quiet">${t("quiz_submit_anyway")}</button>
        </div>`
        : html`<div class="quiz-buttons">
          ${oneByOne && place > 0 ? html`<button type="button" class="button quiet" @click=${() => act.go(-1)}>${t("quiz_previous")}</button>` : nothing}
          ${last ? nothing : html`<button type="button" class="button" @click=${() => act.go(1)}>${t("quiz_next")}</button>`}
          ${last && can ? html`<button type="submit" class="button" aria-disabled=${String(sending)}>${t(submit)}</button>` : nothing}
        </div>`
    }
    ${sending ? html`<progress aria-label=${t("quiz_submitting")}></progress>` : nothing}`;
}
