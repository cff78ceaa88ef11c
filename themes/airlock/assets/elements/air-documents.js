// One's own documents: what was issued, what can be issued, and what the check page shows. ?person=ID is for staff.

import { html, nothing } from "lit/html.js";
import { errorText, lang, t } from "../lib/texts.js";
import { AppPage } from "./app-page.js";
import { dayText, fieldName } from "./documents-texts.js";
import { api } from "./server.js";

const CHIPS = { valid: "done", expired: "late", superseded: "failed", revoked: "failed" };

class AirDocuments extends AppPage {
  title = t("page_documents");
  #found = null;
  #consent = { asked: false };
  #asked = [];

  get #person() {
    return /^[0-9a-f-]{36}$/.exec(this.query.get("person") ?? "")?.[0] ?? null;
  }

  async load() {
    const path = this.#person ? `/people/${this.#person}/documents` : "/documents";
    this.#found = await api.get(`${path}?lang=${lang}`);
    if (this.#person) return;
    [this.#consent, { asked: this.#asked }] = await Promise.all([
      api.get("/outcomes/consent"),
      api.get(`/particulars?lang=${lang}`),
    ]);
  }

  draw() {
    const { documents, possible } = this.#found;
    return html`<h1 tabindex="-1">${this.#person ? t("documents_of", { name: this.#found.name }) : this.title}</h1>
      ${this.#person ? nothing : html`<p>${t("documents_intro")}</p>`}
      ${this.message ? html`<p class="notice ${this.message.good ? "notice-good" : "notice-late"}" role="status">${this.message.text}</p>` : nothing}
      ${documents.length || possible.length ? nothing : html`<p class="notice">${t("documents_none")}</p>`}
      ${documents.length ? html`<section aria-labelledby="issued"><h2 id="issued">${t("documents_issued")}</h2><ul class="document-list">${documents.map((one) => this.#issued(one))}</ul><p class="hint">${t("documents_badge_hint")}</p></section>` : nothing}
      ${possible.length ? html`<section aria-labelledby="possible"><h2 id="possible">${t("documents_possible")}</h2><ul class="document-list">${possible.map((one) => this.#possible(one))}</ul></section>` : nothing}
      ${possible.length ? this.#hours() : nothing}
      ${this.#person || !this.#asked.length ? nothing : this.#particulars()}
      ${this.#person || !this.#consent.asked ? nothing : this.#consentTemplate()}`;
  }

  #issued(one) {
    const path = `/api/v1/documents/${one.id}`;
    const name = `${one.title}, ${one.about}`;
    return html`<li><h3>${one.title}</h3><p>${one.about}</p>
      <p class="facts"><span class="chip chip-${CHIPS[one.state]}">${t(`state_${one.state}`)}</span><span>${t("documents_number", { number: one.number, day: dayText(one.issued_at) })}</span>${one.valid_until ? html`<span>${t("documents_until", { day: dayText(one.valid_until) })}</span>` : nothing}</p>
      <p class="actions"><a class="button small" href="${path}/document.pdf" aria-label="${t("documents_open")}: ${name}">${t("documents_open")}</a>
        <a class="button small quiet" href=${new URL(one.address).pathname + new URL(one.address).search} aria-label="${t("documents_check")}: ${name}">${t("documents_check")}</a>
        ${one.has_badge ? html`<button type="button" class="button small quiet" aria-label="${t("documents_badge")}: ${name}" @click=${() => this.#badge(one)}>${t("documents_badge")}</button>` : nothing}</p>
      ${this.#person ? nothing : this.#shown(one)}</li>`;
  }

  #shown(one) {
    const kinds = ["name", ...(["presence", "passport", "hours"].includes(one.kind) ? ["hours"] : [])];
    return html`<fieldset><legend class="hint">${t("documents_shown")}</legend>${kinds.map(
      (kind) =>
        html`<label class="check"><input type="checkbox" .checked=${one.shown.includes(kind)} ?disabled=${this.busy} @change=${(
          event,
        ) => {
          const shown = kinds.filter((each) => (each === kind ? event.target.checked : one.shown.includes(each)));
          this.#act(`/documents/${one.id}/shown`, { shown }, () => t("documents_kept"));
        }} /> ${t(`documents_show_${kind}`)}</label>`,
    )}</fieldset>`;
  }

  #possible(one) {
    return html`<li class="line"><div><b>${one.title}</b><br />${one.about}${one.at ? html` · ${dayText(one.at)}` : nothing}</div>
      <button type="button" class="button small" ?disabled=${this.busy} aria-label=${t("documents_issue_named", one)} @click=${() =>
        this.#issue({
          kind: one.kind,
          ...(one.event ? { event: one.event } : {}),
          ...(one.module ? { module: one.module } : {}),
        })}>${t("documents_issue")}</button></li>`;
  }

  #hours() {
    const now = new Date();
    const day = (date) =>
      `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
    return html`<section aria-labelledby="hours"><h2 id="hours">${t("documents_hours")}</h2>
      <form class="inline-form" @submit=${(event) => {
        event.preventDefault();
        const data = new FormData(event.target);
        this.#issue({ kind: "hours", first: data.get("first"), last: data.get("last") });
      }}><label>${t("documents_first")}<input type="date" name="first" required .defaultValue=${day(new Date(now.getFullYear(), 0, 1))} /></label>
        <label>${t("documents_last")}<input type="date" name="last" required .defaultValue=${day(now)} /></label>
        <button type="submit" class="button small" ?disabled=${this.busy}>${t("documents_issue")}</button></form></section>`;
  }

  /** What schemes ask of the learner: each thing with who sees it, and a way to have it forgotten. */
  #particulars() {
    return html`<section aria-labelledby="particulars"><h2 id="particulars">${t("particulars_title")}</h2><ul class="document-list">${this.#asked.map(
      (one) => {
        const name = fieldName(one.field);
        const roles = one.seen_by.map((role) => t(`role_seer_${role}`)).join(", ");
        return html`<li><h3>${name}</h3>
        <p class="hint">${one.scheme ? html`${t("particulars_for", one)}<br />${t("particulars_text", { roles })}` : t("particulars_for_none")}</p>
        ${one.given ? html`<p>${one.value ?? html`<span class="chip chip-late">${t("particulars_unreadable")}</span>`} <button type="button" class="button small quiet" ?disabled=${this.busy} aria-label=${t("particulars_erase_named", { name })} @click=${() => this.#act(`/particulars/${one.field}/erasure`, {}, () => t("particulars_erased"))}>${t("particulars_erase")}</button></p>` : nothing}
        ${
          one.scheme
            ? html`<form class="inline-form" @submit=${async (event) => {
                event.preventDefault();
                const form = event.target;
                const kept = await this.#act(
                  `/particulars/${one.field}`,
                  { value: new FormData(form).get("value") },
                  () => t("particulars_kept"),
                );
                if (kept) form.reset();
              }}><label>${one.given ? t("change") : name}<input name="value" required maxlength="300" autocomplete="off" type=${one.field === "birth-date" ? "date" : "text"} inputmode=${one.field === "national-number" ? "numeric" : nothing} /></label><button type="submit" class="button small" aria-label="${t("save")}: ${name}" ?disabled=${this.busy}>${t("save")}</button></form>`
            : nothing
        }</li>`;
      },
    )}</ul></section>`;
  }

  #consentTemplate() {
    return html`<section aria-labelledby="consent"><h2 id="consent">${t("consent_title")}</h2><p>${t("consent_text")}</p>
      <p><label class="check"><input type="checkbox" .checked=${this.#consent.given} ?disabled=${this.busy} @change=${(event) => this.#act("/outcomes/consent", { given: event.target.checked }, () => t("documents_kept"))} /> ${t("consent_check")}</label></p></section>`;
  }

  #issue(body) {
    const person = this.#person ? { person: this.#person } : {};
    return this.#act("/documents", { lang, ...person, ...body }, (made) =>
      t("documents_made", { number: made.number }),
    );
  }

  async #act(path, body, told) {
    this.busy = true;
    this.update();
    try {
      this.message = { text: told(await api.once(path, body)), good: true };
      await this.load();
    } catch (error) {
      const text = error.code === "nothing_to_say" ? t("documents_nothing") : errorText(error);
      this.message = { text, good: false };
    }
    this.busy = false;
    this.update();
    this.querySelector("[role=status]")?.scrollIntoView({ block: "nearest" });
    return this.message.good;
  }

  async #badge(one) {
    try {
      const { credential } = await api.get(`/documents/${one.id}/badge`);
      const file = URL.createObjectURL(new Blob([credential], { type: "application/vc+jwt" }));
      const link = document.createElement("a");
      link.href = file;
      link.download = `${one.number}.jwt`;
      link.click();
      URL.revokeObjectURL(file);
    } catch (error) {
      this.message = { text: errorText(error), good: false };
      this.update();
    }
  }
}

customElements.define("air-documents", AirDocuments);
