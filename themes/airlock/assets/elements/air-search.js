// Search: a field; Pagefind and its indexes are loaded when it gets the focus. Each language has an index of the pages
// that are written in it; pages that are not translated are found in the index of their own language.

import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { html, nothing, render } from "lit/html.js";
import { t } from "../lib/texts.js";

const SHOWN = 6;

class AirSearch extends HTMLElement {
  #engines = null;
  #query = "";
  #state = { found: null, failed: false, total: 0 };
  #leave = (event) => {
    if (!this.contains(event.target)) this.#close();
  };

  connectedCallback() {
    this.#draw();
    this.addEventListener("keydown", this.#keys);
    document.addEventListener("pointerdown", this.#leave);
    document.addEventListener("focusin", this.#leave);
  }

  disconnectedCallback() {
    this.removeEventListener("keydown", this.#keys);
    document.removeEventListener("pointerdown", this.#leave);
    document.removeEventListener("focusin", this.#leave);
  }

  #load() {
    this.#engines ??= this.#open().catch(() => {
      this.#engines = null;
      this.#state = { found: null, failed: true, total: 0 };
      this.#draw();
    });
    return this.#engines;
  }

  /** One engine a language, its own first, each with what of its index the readers of this language are shown. */
  async #open() {
    const index = new URL(this.getAttribute("index"), location.href);
    const own = document.documentElement.lang;
    const languages = this.getAttribute("languages").split(" ").filter(Boolean);
    // A module of its own for each: two indexes do not share one's memory.
    return Promise.all(
      languages.map(async (lang) => ({
        lang,
        engine: await import(new URL(`${lang}/pagefind.js`, index).href),
        shown: lang === own ? "all" : await shownTo(own, new URL(`${lang}/shown.json`, index)),
      })),
    );
  }

  async #search(query) {
    this.#query = query.trim();
    if (!this.#query) {
      this.#close();
      return;
    }
    const engines = await this.#load();
    if (!engines) return;
    const answers = await Promise.all(engines.map(({ engine }) => engine.debouncedSearch(this.#query, {}, 150)));
    if (answers.includes(null)) return;
    const results = answers
      .flatMap(({ results }, place) => {
        const { shown, lang } = engines[place];
        return results.filter(({ id }) => isShown(id, shown)).map((result) => ({ result, lang }));
      })
      .sort((one, other) => other.result.score - one.result.score);
    const found = await Promise.all(
      results.slice(0, SHOWN).map(async ({ result, lang }) => ({ ...(await result.data()), lang })),
    );
    this.#state = { found, failed: false, total: results.length };
    this.#draw();
  }

  /** Where a page of an index is for a reader of this language: "/course/lesson.html" is "course/lesson/". */
  #address(url) {
    const name = url.replace(/^\//, "").replace(/\.html$/, "");
    return `${this.getAttribute("base")}${name === "index" ? "" : `${name}/`}`;
  }

  #close() {
    this.#state = { found: null, failed: false, total: 0 };
    this.#draw();
  }

  #keys = (event) => {
    const links = [...this.querySelectorAll(".search-panel a")];
    const place = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      this.#close();
      this.querySelector("input").focus();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(place + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && place >= 0) {
      event.preventDefault();
      (place === 0 ? this.querySelector("input") : links[place - 1]).focus();
    }
  };

  #draw() {
    const { found, failed, total } = this.#state;
    render(
      html`<form role="search" @submit=${(event) => event.preventDefault()}>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="11" cy="11" r="6.500" /><path d="m16 16 4.500 4.500" /></svg>
          <input type="search" aria-label=${t("search_label")} placeholder=${t("search")} autocomplete="off" spellcheck="false"
            @focus=${() => this.#load()} @input=${(event) => this.#search(event.target.value)} />
        </form>
        <div class="search-panel" ?hidden=${!found && !failed}>
          <p role="status">${failed ? t("search_failed") : found && !total ? t("search_none", { query: this.#query }) : found ? counted(total) : nothing}</p>
          ${found?.length ? html`<ul>${found.map((page) => html`<li lang=${page.lang}><a href=${this.#address(page.raw_url ?? page.url)}>${page.meta.title}</a><p>${unsafeHTML(page.excerpt)}</p></li>`)}</ul>` : nothing}
        </div>`,
      this,
    );
  }
}

customElements.define("air-search", AirSearch);

/** What of an index readers of a language are shown: "all", or a set of names. */
async function shownTo(lang, url) {
  const shown = (await (await fetch(url)).json())[lang] ?? [];
  return shown === "all" ? shown : new Set(shown);
}

const isShown = (id, shown) => shown === "all" || shown.has(id);

/** How many were found, and how many of them are listed. */
function counted(total) {
  if (total === 1) return t("search_count_one");
  return total > SHOWN ? t("search_some", { shown: SHOWN, count: total }) : t("search_count", { count: total });
}
