// Who is in a class, and the ways in: a list, a code, another teacher.
import { html, nothing } from "lit/html.js";
import { base64 } from "../lib/bytes.js";
import { longDate } from "../lib/format.js";
import { errorText, isOne, lang, languages, locale, t } from "../lib/texts.js";
import { api } from "./server.js";
import { audiences } from "./staff-texts.js";

const LARGEST = 150_000;
const COLUMNS = ["name", "first", "particle", "last", "email", "lang", "audience", "employer", "funding"];
/** What was typed or pasted and not written yet, by class: it is still there when one comes back from another view. */
const kept = new Map();

export class PeopleView {
  #page;
  #class = null;
  #text = "";
  #preview = null;
  #problem = "";
  #looking = 0;
  #edited = null;
  #asked = null;
  /** What each column means, as it was said by hand; null goes by the headings. */
  #columns = null;

  constructor(page, key) {
    this.#page = page;
    this.key = key;
  }

  get #path() {
    return `/classes/${this.#class.id}`;
  }

  load(group) {
    this.#class = group;
    const text = kept.get(group.id);
    if (text && !this.#text) this.#typed(text);
    if (group.learners.some((line) => line.funding)) this.#loadAsked().catch(() => {});
  }

  /** What funding schemes ask of these learners: for whom a scheme names, and loaded where somebody is funded. */
  async #loadAsked() {
    const { AskedView } = await import("./class-asked.js");
    const asked = new AskedView(this.#page, this.#class.id);
    await asked.load();
    this.#asked = asked;
    this.#page.update();
  }

  draw() {
    const { learners } = this.#class;
    const ways = html`<details class="fold panel" ?open=${!learners.length}><summary><h2>${t("people_add")}</h2></summary>${this.#listTemplate()}</details>
      <details class="fold panel"><summary><h2>${t("people_code")}</h2></summary>${this.#codeTemplate()}</details>`;
    return html`${this.#class.archived_at ? nothing : ways}${learners.length || this.#class.asked.length ? this.#learnersTemplate(learners) : nothing}${this.#asked?.draw() ?? nothing}${this.#teachersTemplate()}`;
  }

  #listTemplate() {
    return html`<form class="stack" @submit=${this.#import}>
      <label for="list">${t("people_list")}</label>
      <p class="hint" id="list-hint">${t("people_list_hint")}</p>
      <textarea id="list" name="list" rows="6" spellcheck="false" aria-describedby="list-hint" .value=${this.#text} @input=${(event) => this.#typed(event.target.value)} placeholder=${t("people_list_example")}></textarea>
      <label class="file">${t("people_file")} <input type="file" accept=".csv,.txt,.tsv,text/csv,text/plain" @change=${(event) => this.#upload(event.target)} /></label>
      <div class="preview" role="status">${this.#problem ? html`<p class="alert">${this.#problem}</p>` : this.#preview ? this.#previewTemplate(this.#preview) : nothing}</div>
    </form>`;
  }

  #previewTemplate(preview) {
    if (preview.unreadable)
      return html`<p class="alert">${t(`list_${preview.unreadable.replaceAll("-", "_")}`)}</p>${this.#columnsTemplate(preview)}`;
    const entering = preview.rows.filter((row) => row.changes.includes("enters")).length;
    const writable = !preview.wrong && preview.new + preview.changed > 0;
    const order = { wrong: 0, renamed: 1, new: 2, changed: 3, known: 4, teaches: 5 };
    const place = (row) => order[row.renamed && row.status !== "wrong" ? "renamed" : row.status];
    const rows = [...preview.rows].sort((one, other) => place(one) - place(other));
    const renamed = preview.rows.filter((row) => row.renamed).length;
    return html`<p class="preview-counts">${["new", "changed", "known", "teaches", "wrong"].map((status) => (preview[status] ? html`<span class="chip row-${status}">${t(`row_${status}`)}${t("colon")} ${preview[status]}</span> ` : nothing))}</p>
      ${preview.ignored.length ? html`<p class="hint">${t("list_ignored", { columns: preview.ignored.join(", ") })}</p>` : nothing}
      ${this.#columnsTemplate(preview)}
      ${renamed ? html`<p class="alert">${t(isOne(renamed) ? "list_renamed_one" : "list_renamed_many", { count: renamed })}</p>` : nothing}
      ${preview.wrong ? html`<p class="alert">${t("list_all_or_nothing")}</p>` : nothing}
      ${writable ? html`<p><button type="submit" class="button" ?disabled=${this.#page.busy}>${entering ? t(isOne(entering) ? "people_add_one" : "people_add_many", { count: entering }) : t("people_write_changes")}</button></p>` : preview.wrong ? nothing : html`<p class="notice">${t("list_nothing_new")}</p>`}
      <div class="table-wrap" role="region" aria-label=${t("people_preview")} tabindex="0"><table class="data"><thead><tr><th scope="col">${t("people_line")}</th><th scope="col">${t("people_name")}</th><th scope="col">${t("signin_email")}</th><th scope="col">${t("people_what")}</th></tr></thead>
      <tbody>${rows.map(
        (
          row,
        ) => html`<tr><td data-label=${t("people_line")}>${row.line}</td><th scope="row">${row.status === "wrong" && !row.name ? row.found : row.name}${row.name_guessed ? html` <small>${t("list_guessed")}</small>` : nothing}${row.renamed ? html` <small class="row-renamed">${row.account ? t("list_account", { name: row.account }) : t("list_other_name")}</small>` : nothing}</th><td data-label=${t("signin_email")}>${row.email}</td>
          <td data-label=${t("people_what")}><span><span class="chip row-${row.status}">${t(`row_${row.status}`)}</span> ${row.status === "wrong" ? row.wrong.map((reason) => t(`wrong_${reason.replaceAll("-", "_")}`)).join(", ") : row.changes.map((change) => t(`change_${change}`)).join(", ")}</span></td></tr>`,
      )}</tbody></table></div>`;
  }

  /** Which column is what, to be said by hand where the headings do not say it. */
  #columnsTemplate(preview) {
    if (!preview.places.length) return nothing;
    const change = (place, meaning) => {
      // What was another column's before is this one's now.
      this.#columns = preview.places.map((one, other) =>
        other === place ? meaning : one.meaning === meaning ? "" : one.meaning,
      );
      this.#look({ text: this.#text });
    };
    return html`<details class="fold" ?open=${Boolean(this.#columns) || preview.unreadable === "no-email" || preview.ignored.length > 0}><summary>${t("list_columns")}</summary>
      <p class="hint">${t("list_columns_hint")}</p>
      <div class="columns-said">${preview.places.map(
        (place, number) =>
          html`<label>${place.heading || t("list_column", { number: number + 1 })} ${place.sample ? html`<small>${place.sample}</small>` : nothing}
            <select @change=${(event) => change(number, event.target.value)}><option value="" ?selected=${!place.meaning}>${t("list_column_none")}</option>${COLUMNS.map((name) => html`<option value=${name} ?selected=${place.meaning === name}>${t(`column_${name}`)}</option>`)}</select></label>`,
      )}</div></details>`;
  }

  #typed(text) {
    // Another first line has other columns.
    if (text.split("\n")[0] !== this.#text.split("\n")[0]) this.#columns = null;
    this.#text = text;
    kept.set(this.#class.id, text);
    clearTimeout(this.#looking);
    // A pasted list is shown at once; while somebody types, when they pause.
    this.#looking = setTimeout(() => this.#look({ text }), 250);
  }

  async #look(body) {
    if (body.text !== undefined && !body.text.trim()) {
      this.#preview = null;
      this.#problem = "";
      return this.#page.update();
    }
    try {
      const found = await api.post(`${this.#path}/list/preview`, { ...body, columns: this.#columns });
      if (body.text !== undefined && body.text !== this.#text) return;
      this.#preview = found;
      this.#problem = "";
      if (body.file) this.#text = found.text;
    } catch (error) {
      this.#problem = errorText(error);
    }
    this.#page.update();
  }

  async #upload(input) {
    const file = input.files[0];
    if (!file) return;
    if (file.size > LARGEST) {
      this.#preview = null;
      this.#problem = t("list_too_large");
      input.value = "";
      return this.#page.update();
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    input.value = "";
    this.#columns = null;
    await this.#look({ file: base64(bytes) });
  }

  #import = (event) => {
    event.preventDefault();
    if (!this.#preview?.digest) return;
    const count = this.#preview.rows.filter((row) => row.changes.includes("enters")).length;
    this.#page.act(
      `${this.#path}/list`,
      { text: this.#text, digest: this.#preview.digest, lang, columns: this.#columns },
      {
        done: count ? t(isOne(count) ? "people_added_one" : "people_added", { count }) : t("saved"),
        after: async () => {
          this.#text = "";
          this.#columns = null;
          kept.delete(this.#class.id);
          this.#preview = null;
          await this.#next();
        },
        failed: () => this.#look({ text: this.#text }),
      },
    );
  };

  /** After the first learners comes the first assignment. */
  async #next() {
    const first = !this.#class.assignments.length;
    if (first) history.pushState(null, "", `?class=${this.#class.id}&view=assignments`);
    await this.#page.load();
  }

  #codeTemplate() {
    const { join } = this.#class;
    const address = new URL(`${this.#page.getAttribute("join")}?code=${join?.code}`, location.href).href;
    return html`${
      join
        ? html`<p>${t("code_say")}</p><p class="join-code">${join.code}</p><p>${t("code_address")} <a href=${address}>${address.split("?")[0]}</a></p><p class="hint">${t("code_until", { date: longDate(join.expires_at, locale) })}</p>`
        : html`<p>${t("code_none")}</p>`
    }
      <p class="actions"><button type="button" class="button ${join ? "quiet" : ""}" ?disabled=${this.#page.busy} @click=${() => this.#code("", { days: 14 })}>${t(join ? "code_again" : "code_make")}</button>
      ${join ? html`<button type="button" class="button quiet" ?disabled=${this.#page.busy} @click=${() => this.#code("/end", {})}>${t("code_end")}</button>` : nothing}</p>`;
  }

  #code(tail, body) {
    this.#page.act(`${this.#path}/join-code${tail}`, body, { after: () => this.#page.load() });
  }

  #learnersTemplate(learners) {
    return html`<h2>${t("people_learners")}</h2><div class="table-wrap" role="region" aria-label=${t("people_learners")} tabindex="0"><table class="data"><thead><tr><th scope="col">${t("people_name")}</th><th scope="col">${t("people_audience")}</th><th scope="col">${t("people_employer")}</th><th scope="col">${t("people_funding")}</th><th scope="col">${t("people_status")}</th><th scope="col"><span class="visually-hidden">${t("people_acts")}</span></th></tr></thead>
      <tbody>${learners.map((line) => (this.#edited === line.id ? this.#editTemplate(line) : this.#learnerTemplate(line)))}${this.#class.asked.map((line) => this.#askedTemplate(line))}</tbody></table></div>${this.#class.asked.length ? html`<p class="hint">${t("people_asked_hint")}</p>` : nothing}`;
  }

  #askedTemplate(line) {
    return html`<tr><th scope="row">${line.name}<small>${line.email}</small></th><td data-label=${t("people_audience")}>–</td><td data-label=${t("people_employer")}>–</td><td data-label=${t("people_funding")}>–</td><td data-label=${t("people_status")}><span class="chip">${t(line.declined_at ? "people_declined" : "people_asked")}</span></td>
      <td class="row-acts">${line.declined_at ? nothing : html`<button type="button" class="linklike" aria-label=${t("people_unask_name", { name: line.name })} @click=${() => this.#page.act(`${this.#path}/asked/end`, { email: line.email }, { after: () => this.#page.load() })}>${t("people_unask")}</button>`}</td></tr>`;
  }

  #learnerTemplate(line) {
    return html`<tr><th scope="row">${this.#page.link({ class: this.#class.id, learner: line.id }, line.name)}<small>${line.email}</small></th><td data-label=${t("people_audience")}>${line.audience ? t(`as_${line.audience.replaceAll("-", "_")}`) : "–"}</td><td data-label=${t("people_employer")}>${line.employer || "–"}</td><td data-label=${t("people_funding")}>${line.funding || "–"}</td><td data-label=${t("people_status")}><span class="chip ${line.signed_in ? "chip-done" : ""}">${t(line.signed_in ? "people_in" : "people_invited")}</span></td>
      <td class="row-acts"><button type="button" class="linklike" data-learner=${line.id} aria-label=${t("people_change_name", { name: line.name })} @click=${() => this.#edit(line.id)}>${t("change")}</button>
        <button type="button" class="linklike" aria-label=${t("people_link_name", { name: line.name })} @click=${() => this.#page.act(`${this.#path}/learners/${line.id}/link`, {}, { done: t("people_link_sent", { name: line.name }) })}>${t("people_link")}</button>
        <button type="button" class="linklike" aria-label=${t("people_remove_name", { name: line.name })} @click=${() => this.#remove(line)}>${t("remove")}</button></td></tr>`;
  }

  #edit(id) {
    this.#edited = id;
    this.#page.update();
    this.#page.querySelector("tr.edited select, tr.edited input")?.focus();
  }

  #editTemplate(line) {
    const change = (event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      const body = {
        audience: data.get("audience") || null,
        employer: data.get("employer"),
        funding: data.get("funding"),
      };
      if (data.get("lang")) body.lang = data.get("lang");
      this.#page.act(`${this.#path}/learners/${line.id}`, body, {
        done: t("people_changed", { name: line.name }),
        after: async () => {
          this.#edited = null;
          await this.#page.load();
          this.#page.update();
          this.#page.querySelector(`[data-learner="${line.id}"]`)?.focus();
        },
      });
    };
    return html`<tr class="edited"><th scope="row">${line.name}</th><td colspan="5"><form class="inline-form" @submit=${change}>
      <label>${t("people_audience")} <select name="audience"><option value="">–</option>${audiences.map((name) => html`<option value=${name} ?selected=${line.audience === name}>${t(`as_${name.replaceAll("-", "_")}`)}</option>`)}</select></label>
      <label>${t("people_employer")} <input name="employer" maxlength="120" .value=${line.employer} /></label>
      <label>${t("people_funding")} <input name="funding" maxlength="60" .value=${line.funding} /></label>
      ${line.signed_in ? nothing : html`<label>${t("language")} <select name="lang">${languages.map((code) => html`<option value=${code} ?selected=${line.lang === code}>${code.toUpperCase()}</option>`)}</select></label>`}
      <button type="submit" class="button small" ?disabled=${this.#page.busy}>${t("save")}</button> <button type="button" class="button small quiet" @click=${() => this.#edit(null)}>${t("cancel")}</button></form></td></tr>`;
  }

  #remove(line) {
    const name = line.name;
    this.#page.act(`${this.#path}/members/${line.id}/removal`, {}, { after: () => this.#page.load() }).then((gone) => {
      if (!gone) return;
      this.#page.message = { text: t("people_removed", { name }), good: true, undo: () => this.#undo(line) };
      this.#page.update();
      this.#page.querySelector(".page-message button")?.focus();
    });
  }

  #undo(line) {
    this.#page.act(
      `${this.#path}/members/${line.id}/return`,
      {},
      { done: t("people_back", { name: line.name }), after: () => this.#page.load() },
    );
  }

  #teachersTemplate() {
    const { teachers } = this.#class;
    const add = (event) => {
      event.preventDefault();
      const form = event.target;
      this.#page.act(
        `${this.#path}/teachers`,
        { email: new FormData(form).get("email") },
        {
          done: t("people_teacher_added"),
          after: () => {
            form.reset();
            return this.#page.load();
          },
          failed: (error) => {
            if (error.code === "not_found") this.#page.message = { text: t("people_no_teacher"), good: false };
          },
        },
      );
    };
    return html`<h2>${t("people_teachers")}</h2><ul class="people-list">${teachers.map(
      (line) =>
        html`<li>${line.name} <span class="hint">${line.email}</span> ${teachers.length > 1 ? html`<button type="button" class="linklike" aria-label=${t("people_remove_name", { name: line.name })} @click=${() => this.#removeTeacher(line)}>${t("remove")}</button>` : nothing}</li>`,
    )}</ul>
      <form class="inline-form" @submit=${add}><label>${t("people_teacher_email")} <input name="email" type="email" required /></label> <button type="submit" class="button small" ?disabled=${this.#page.busy}>${t("people_add_teacher")}</button></form>`;
  }

  #removeTeacher(line) {
    this.#page.act(
      `${this.#path}/members/${line.id}/removal`,
      {},
      { done: t("people_removed", { name: line.name }), after: () => this.#page.refresh() },
    );
  }
}
