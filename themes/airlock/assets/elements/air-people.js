// People, for administrators: who has an account, and all that can be done about one.

import { html, nothing } from "lit/html.js";
import { dateAndTime } from "../lib/format.js";
import { isOne, lang, languages, locale, t } from "../lib/texts.js";
import { categoryText } from "./administration-texts.js";
import { AppPage } from "./app-page.js";
import { confirmTemplate } from "./confirming.js";
import { api } from "./server.js";

const ROLES = ["learner", "teacher", "trainer", "admin"];
const STATES = ["open", "invited", "suspended", "closed"];
const AUDIENCES = ["job-seeker", "worker", "student", "teacher"];

const stateChip = (state) =>
  html`<span class="chip ${state === "open" ? "chip-done" : state === "suspended" ? "chip-late" : ""}">${t(`person_${state}`)}</span>`;

const options = (values, chosen, text) =>
  values.map((value) => html`<option value=${value} ?selected=${value === chosen}>${text(value)}</option>`);

class AirPeople extends AppPage {
  title = t("page_people");
  #list = null;
  #person = null;
  #asking = "";
  #preview = null;
  #found = [];
  #text = "";
  #rows = null;

  refusal({ pages }) {
    return pages.includes("people") ? "" : t("admin_only");
  }

  async load() {
    const id = this.query.get("person");
    this.#asking = "";
    this.#preview = null;
    this.#person = id ? await api.get(`/people/${id}`) : null;
    if (!id) this.#list = await api.get(`/people?${this.#asked()}`);
  }

  #asked() {
    const asked = new URLSearchParams();
    for (const name of ["search", "role", "state", "audience", "page"]) {
      const value = this.query.get(name);
      if (value) asked.set(name, value);
    }
    return asked;
  }

  draw() {
    return this.#person ? this.#personTemplate() : this.#listTemplate();
  }

  // The list

  #listTemplate() {
    const { people, total, pages } = this.#list;
    return html`<h1 tabindex="-1">${this.title}</h1>
      ${this.messageTemplate()}
      <form class="inline-form" role="search" aria-label=${this.title} @submit=${this.#search}>
        <label>${t("people_search")}<input name="search" type="search" maxlength="120" .value=${this.query.get("search") ?? ""} /></label>
        <label>${t("people_role")}<select name="role"><option value="">${t("admin_all")}</option>${options(ROLES, this.query.get("role"), (one) => t(`role_${one}`))}</select></label>
        <label>${t("people_status")}<select name="state"><option value="">${t("admin_all")}</option>${options(STATES, this.query.get("state"), (one) => t(`person_${one}`))}</select></label>
        <label>${t("people_audience")}<select name="audience"><option value="">${t("admin_all")}</option>${options(AUDIENCES, this.query.get("audience"), (one) => t(`as_${one.replaceAll("-", "_")}`))}</select></label>
        <button type="submit" class="button small">${t("people_find")}</button>
      </form>
      <p role="status">${t(isOne(total) ? "people_count_one" : "people_count", { count: total })}</p>
      ${people.length ? this.#table(people) : html`<p class="notice">${t("people_none")}</p>`}
      ${pages > 1 ? this.#pages(pages) : nothing}
      <details><summary>${t("people_new")}</summary>${this.#newTemplate()}</details>
      <details><summary>${t("people_import")}</summary>${this.#importTemplate()}</details>`;
  }

  #table(people) {
    return html`<div class="table-wrap" role="region" aria-label=${this.title} tabindex="0"><table class="data"><thead><tr>
      <th scope="col">${t("people_name")}</th><th scope="col">${t("people_role")}</th><th scope="col">${t("people_employer")}</th><th scope="col">${t("people_status")}</th><th scope="col">${t("people_seen")}</th></tr></thead>
      <tbody>${people.map(
        (one) => html`<tr>
          <th scope="row">${this.link({ person: one.id }, html`<bdi>${one.family ? `${one.family}${one.given ? `, ${one.given}` : ""}` : one.name}</bdi>`)}<small>${one.email}</small></th>
          <td data-label=${t("people_role")}>${t(`role_${one.role}`)}</td>
          <td data-label=${t("people_employer")}>${one.employer || "–"}</td>
          <td data-label=${t("people_status")}>${stateChip(one.state)}</td>
          <td data-label=${t("people_seen")}>${one.seen_at ? dateAndTime(one.seen_at, locale) : "–"}</td></tr>`,
      )}</tbody></table></div>`;
  }

  #pages(pages) {
    const page = Number(this.query.get("page") ?? 1);
    const to = (number) => {
      const asked = this.#asked();
      asked.set("page", number);
      return Object.fromEntries(asked);
    };
    return html`<nav class="actions" aria-label=${t("people_pages")}>
      ${page > 1 ? this.link(to(page - 1), t("people_previous"), { className: "button quiet small" }) : nothing}
      <span>${t("people_page", { page, pages })}</span>
      ${page < pages ? this.link(to(page + 1), t("people_next"), { className: "button quiet small" }) : nothing}</nav>`;
  }

  #search = (event) => {
    event.preventDefault();
    const asked = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
    this.go(`?${asked}`);
  };

  #names(given = "", family = "") {
    return html`<label>${t("person_given")}<input name="given" maxlength="120" autocomplete="off" .value=${given} /></label>
      <label>${t("person_family")}<input name="family" maxlength="120" autocomplete="off" .value=${family} /></label>
      <p class="hint">${t("person_names_hint")}</p>`;
  }

  #languages(chosen) {
    return html`<label>${t("person_lang")}<select name="lang">${options(languages, chosen, (one) => one.toUpperCase())}</select></label>`;
  }

  #newTemplate() {
    const add = (event) => {
      event.preventDefault();
      const form = event.target;
      this.act("/people", Object.fromEntries(new FormData(form)), {
        done: t("people_made"),
        after: () => {
          form.reset();
          return this.load();
        },
      });
    };
    return html`<form class="stack" @submit=${add}>
      <label>${t("signin_email")}<input name="email" type="email" autocomplete="off" required maxlength="254" /></label>
      ${this.#names()}
      <label>${t("people_role")}<select name="role">${options(ROLES, "learner", (one) => t(`role_${one}`))}</select></label>
      ${this.#languages(lang)}
      <p class="hint">${t("people_new_hint")}</p>
      <p><button type="submit" class="button" ?disabled=${this.busy}>${t("people_add")}</button></p></form>`;
  }

  #importTemplate() {
    const send = (write) =>
      this.act(
        "/people/list",
        { text: this.#text, lang, write },
        {
          done: write ? t("people_imported") : "",
          after: async (reply) => {
            if (!write) {
              this.#rows = reply;
              return;
            }
            this.#rows = null;
            this.#text = "";
            await this.load();
          },
        },
      );
    const found = this.#rows;
    return html`<p class="hint">${t("people_import_hint")}</p>
      <form class="stack" @submit=${(event) => {
        event.preventDefault();
        send(false);
      }}>
      <label>${t("people_list")}<textarea name="text" rows="8" spellcheck="false" .value=${this.#text} @input=${(
        event,
      ) => {
        this.#text = event.target.value;
        this.#rows = null;
      }}></textarea></label>
      <p class="actions"><button type="submit" class="button quiet" ?disabled=${this.busy}>${t("people_look")}</button>
      ${found?.new && !found.wrong ? html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => send(true)}>${t(isOne(found.new) ? "people_write_one" : "people_write", { count: found.new })}</button>` : nothing}</p></form>
      ${
        found
          ? html`<p role="status">${found.unreadable ? t("people_unreadable") : t("people_preview_counts", { added: found.new, known: found.known, wrong: found.wrong })}</p>
        <ul>${found.rows.filter((row) => row.status === "wrong").map((row) => html`<li>${t("people_wrong_line", { line: row.line, name: row.name || row.email })}</li>`)}</ul>`
          : nothing
      }`;
  }

  // One person

  #personTemplate() {
    const { person, classes, devices, address_waiting, merged_into } = this.#person;
    const closed = person.state === "closed";
    return html`<p>${this.link({}, t("people_all"))}</p>
      <h1 tabindex="-1"><bdi>${person.name}</bdi></h1>
      <p class="facts"><span>${person.email}</span><span>${t(`role_${person.role}`)}</span>${stateChip(person.state)}</p>
      ${this.messageTemplate()}
      ${merged_into ? html`<p class="notice">${this.link({ person: merged_into }, t("person_merged"))}</p>` : nothing}
      ${address_waiting ? html`<p class="notice">${t("person_address_waiting", { email: address_waiting })}</p>` : nothing}
      <p>${person.seen_at ? t("person_seen", { when: dateAndTime(person.seen_at, locale), count: devices }) : t("person_never")}</p>
      ${classes.length ? html`<section aria-labelledby="person-classes"><h2 id="person-classes">${t("page_classes")}</h2><ul>${classes.map((one) => html`<li><a href="${this.getAttribute("classes")}?class=${one.id}">${one.name}</a>${one.teaches ? html` (${t("person_teaches")})` : nothing}</li>`)}</ul></section>` : nothing}
      ${closed ? nothing : this.#editTemplate(person)}
      ${closed ? nothing : this.#doTemplate(person)}
      <p><a href="${this.getAttribute("audit")}?person=${person.id}">${t("person_trail")}</a></p>`;
  }

  #editTemplate(person) {
    const save = (event) => {
      event.preventDefault();
      const data = Object.fromEntries(new FormData(event.target));
      const body = { ...data, time_factor: Number(data.time_factor), audience: data.audience || null };
      this.#do("", body, t("saved"));
    };
    const whole = !person.given && !person.family;
    return html`<section aria-labelledby="person-about"><h2 id="person-about">${t("person_about")}</h2>
      <form class="stack" @submit=${save}>
        ${this.#names(person.given, whole ? person.name : person.family)}
        ${this.#languages(person.lang)}
        <label>${t("people_audience")}<select name="audience"><option value="">–</option>${options(AUDIENCES, person.audience, (one) => t(`as_${one.replaceAll("-", "_")}`))}</select></label>
        <label>${t("people_employer")}<input name="employer" maxlength="120" .value=${person.employer} /></label>
        <label>${t("person_time")}<input name="time_factor" type="number" min="1" max="4" step="0.01" .value=${String(person.time_factor)} /></label>
        <label>${t("admin_why")}<input name="why" maxlength="500" /></label>
        <p><button type="submit" class="button" ?disabled=${this.busy}>${t("save")}</button></p></form>
      <form class="stack" @submit=${(event) => {
        event.preventDefault();
        this.#do("/address", { email: new FormData(event.target).get("email") }, t("person_address_asked"));
      }}>
        <label>${t("person_address")}<input name="email" type="email" required maxlength="254" autocomplete="off" aria-describedby="address-hint" /></label>
        <p class="hint" id="address-hint">${t("person_address_hint")}</p>
        <p><button type="submit" class="button quiet" ?disabled=${this.busy}>${t("person_address_ask")}</button></p></form></section>`;
  }

  #do(tail, body, done) {
    return this.act(`/people/${this.#person.person.id}${tail}`, body, { done, after: () => this.load() });
  }

  #doTemplate(person) {
    const suspended = person.state === "suspended";
    const button = (text, act, className = "quiet") =>
      html`<button type="button" class="button ${className}" ?disabled=${this.busy} @click=${act}>${text}</button>`;
    const open =
      (name, load = null) =>
      async () => {
        this.#asking = name;
        if (load) this.#preview = await load();
        this.update();
        this.querySelector(".card form input:not([hidden])")?.focus();
      };
    const erasure = () => api.get(`/people/${person.id}/erasure`);
    return html`<section aria-labelledby="person-acts"><h2 id="person-acts">${t("person_acts")}</h2>
      <p class="actions">
        ${suspended ? nothing : button(t(person.state === "invited" ? "person_invite" : "person_link"), () => this.#do("/link", {}, t("person_link_sent")))}
        ${button(t("person_sign_out"), () => this.#do("/sign-out", {}, t("person_signed_out")))}
        ${button(t(suspended ? "person_reopen" : "person_suspend"), () => this.#do("/state", { active: suspended }, t(suspended ? "person_reopened" : "person_suspended_done")))}
        ${button(t("person_change_role"), open("role"))}
        ${this.#person.factors ? button(t("person_factors"), open("factors")) : nothing}
        ${button(t("person_merge"), open("merge"))}
        ${button(t("person_erase"), open("erase", erasure))}
      </p>
      ${this.#asking ? html`<div class="card">${this.#asking === "role" ? this.#roleTemplate(person) : this.#asking === "merge" ? this.#mergeTemplate(person) : this.#asking === "factors" ? this.#factorsTemplate() : this.#eraseTemplate()}</div>` : nothing}</section>`;
  }

  #cancel = () => {
    this.#asking = "";
    this.#preview = null;
    this.update();
  };

  #roleTemplate(person) {
    return html`<h3>${t("person_change_role")}</h3>
      <label>${t("people_role")}<select id="new-role">${options(ROLES, person.role, (one) => t(`role_${one}`))}</select></label>
      ${confirmTemplate(this, {
        label: t("person_change_role"),
        cancel: this.#cancel,
        send: (confirmation, why) =>
          this.#do("/role", { role: this.querySelector("#new-role").value, why, confirmation }, t("saved")),
      })}`;
  }

  #factorsTemplate() {
    return html`<h3>${t("person_factors")}</h3><p>${t("person_factors_text")}</p>
      ${confirmTemplate(this, {
        label: t("person_factors"),
        danger: true,
        cancel: this.#cancel,
        send: (confirmation, why) => this.#do("/factors/removal", { why, confirmation }, t("person_factors_done")),
      })}`;
  }

  #mergeTemplate(person) {
    const search = async (event) => {
      event.preventDefault();
      const words = new FormData(event.target).get("search");
      const { people } = await api.get(`/people?${new URLSearchParams({ search: words })}`);
      this.#found = people.filter((one) => one.id !== person.id);
      this.update();
    };
    const choose = async (one) => {
      try {
        this.#preview = await api.get(`/people/${person.id}/merge?into=${one.id}`);
      } catch {
        this.#preview = null;
        return this.tell(t("merge_cannot"), false);
      }
      this.update();
    };
    const kept = this.#preview?.kept;
    return html`<h3>${t("merge_title", { name: person.name })}</h3><p>${t("merge_text")}</p>
      <form class="inline-form" role="search" aria-label=${t("merge_search")} @submit=${search}><label>${t("merge_search")}<input name="search" type="search" required maxlength="120" /></label><button type="submit" class="button small">${t("people_find")}</button></form>
      <ul>${this.#found.map((one) => html`<li><button type="button" class="linklike" @click=${() => choose(one)}>${one.name}</button> <small>${one.email}</small></li>`)}</ul>
      ${
        kept
          ? html`<h4>${t("merge_into", { name: kept.name, email: kept.email })}</h4>
        <ul>${this.#preview.lines.map((line) => html`<li>${t("merge_line", { what: categoryText(line.category), moved: line.moved, left: line.left })}</li>`)}</ul>
        ${confirmTemplate(this, {
          label: t("merge_do"),
          danger: true,
          cancel: this.#cancel,
          send: (confirmation, why) =>
            this.act(
              `/people/${person.id}/merge`,
              { into: kept.id, why, confirmation },
              { done: t("merge_done"), after: () => this.go(`?person=${kept.id}`) },
            ),
        })}`
          : html`<p><button type="button" class="button quiet" @click=${this.#cancel}>${t("cancel")}</button></p>`
      }`;
  }

  #eraseTemplate() {
    return html`<h3>${t("erase_title")}</h3><p>${t("erase_text")}</p>
      <ul>${this.#preview.lines.map((line) => html`<li>${t("erase_line", { what: categoryText(line.category), deleted: line.deleted, cleared: line.cleared, kept: line.kept })}</li>`)}</ul>
      ${confirmTemplate(this, {
        label: t("erase_do"),
        danger: true,
        cancel: this.#cancel,
        send: (confirmation, why) => this.#do("/erasure", { why, confirmation }, t("erase_done")),
      })}`;
  }
}

customElements.define("air-people", AirPeople);
