// Everything that is held of oneself: to read, and to take along as a file.

import { html, nothing } from "lit/html.js";
import { isOne, t } from "../lib/texts.js";
import { categoryText } from "./administration-texts.js";
import { AppPage } from "./app-page.js";
import { api } from "./server.js";

class AirMyData extends AppPage {
  title = t("page_my_data");
  #found = null;

  async load() {
    this.#found = await api.get("/my-data");
  }

  draw() {
    const { account, tables } = this.#found;
    const categories = [...new Set(tables.map((one) => one.category))];
    return html`<h1 tabindex="-1">${this.title}</h1><p>${t("my_data_intro")}</p>
      <p><button type="button" class="button" @click=${this.#save}>${t("my_data_save")}</button></p>
      <section aria-labelledby="held-account"><h2 id="held-account">${t("held_account")}</h2>${this.#facts(account)}</section>
      ${categories.map(
        (
          category,
        ) => html`<section aria-labelledby="held-${category}"><h2 id="held-${category}">${categoryText(category)}</h2>
        ${tables.filter((one) => one.category === category).map((one) => this.#table(one))}</section>`,
      )}`;
  }

  #facts(row) {
    const shown = Object.entries(row).filter(([, value]) => value !== null && value !== "");
    return html`<dl class="facts">${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === "object" ? JSON.stringify(value) : String(value)}</dd></div>`)}</dl>`;
  }

  #table(one) {
    const name = one.name.split(".")[0];
    const count = t(isOne(one.count) ? "my_data_rows_one" : "my_data_rows", { count: one.count });
    const fate = t(`my_data_${one.erased}`);
    return one.rows.length
      ? html`<details><summary>${name}: ${count}</summary><p class="hint">${fate}</p><ol>${one.rows.map((row) => html`<li>${this.#facts(row)}</li>`)}</ol></details>`
      : html`<p>${name}: ${count}. ${t("my_data_elsewhere")}</p>${nothing}`;
  }

  #save = () => {
    const blob = new Blob([JSON.stringify(this.#found, null, 1)], { type: "application/json" });
    const link = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(blob),
      download: "airlock.json",
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
}

customElements.define("air-my-data", AirMyData);
