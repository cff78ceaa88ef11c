// The door: passes are read, names are tapped; it works without a connection, and sends when there is one.
import { html, nothing } from "lit/html.js";
import { DoorBook, readPass } from "../lib/door.js";
import { halfDay } from "../lib/halfdays.js";
import { errorText, locale, t } from "../lib/texts.js";
import { initials, readyTemplate } from "./event-roster.js";
import { api, storage } from "./server.js";

const AGAIN = 15_000;

/** What a tablet keeps of an event for whoever was signed in last; null where it keeps nothing. */
export function keptDoor(id) {
  const { state } = new DoorBook(storage, id);
  return state.event && state.person?.id === api.lastPerson ? state : null;
}

export class DoorView {
  #page;
  #book = null;
  #number = 1;
  #what = "in";
  #last = null;
  #asking = null;
  #camera = null;
  #timer = 0;
  #sending = false;
  #offline = false;
  #online = () => this.#send();

  constructor(page, key) {
    this.#page = page;
    this.key = key;
    addEventListener("online", this.#online);
    this.#timer = setInterval(() => this.#send(), AGAIN);
    // What reads codes is here before the connection goes.
    import("jsqr").catch(() => {});
  }

  close() {
    removeEventListener("online", this.#online);
    clearInterval(this.#timer);
    this.#stop();
  }

  load(event) {
    const first = !this.#book;
    this.#book ??= new DoorBook(storage, event.id);
    this.#offline = Boolean(event.kept);
    if (!event.kept) this.#book.load(event, this.#page.person);
    if (first) this.#number = this.#today(event);
    this.#send();
  }

  /** The half-day that is on, or the next one. */
  #today(event) {
    return (event.half_days.find((half) => Date.parse(half.ends) > this.#book.clock) ?? event.half_days.at(-1)).number;
  }

  draw() {
    const event = this.#book.event;
    const people = event.roster.filter((line) => line.state === "booked");
    const inside = people.filter((line) => this.#book.whereIs(line.id, this.#number).what === "in").length;
    return html`<p class="facts" role="status"><span>${t("door_inside", { count: inside, all: people.length })}</span>
        <span class="chip ${this.#offline || this.#book.waiting ? "chip-late" : "chip-done"}">${this.#book.waiting ? t("door_waiting", { count: this.#book.waiting }) : t(this.#offline ? "door_offline" : "door_sent")}</span></p>
      ${this.#book.failing ? html`<p class="alert">${t("door_not_kept")}</p>` : nothing}
      ${this.#book.isTime(this.#number) ? nothing : html`<p class="notice">${t("door_not_now")}</p>`}
      <div class="inline-form">
        ${
          event.half_days.length > 1
            ? html`<label>${t("roster_half_day")} <select @change=${(change) => {
                this.#number = Number(change.target.value);
                this.#page.update();
              }}>${event.half_days.map((half) => html`<option value=${half.number} ?selected=${half.number === this.#number}>${halfDay(half, locale, event.timezone)}</option>`)}</select></label>`
            : nothing
        }
        <fieldset class="segments"><legend class="visually-hidden">${t("door_what")}</legend>${["in", "out"].map(
          (what) =>
            html`<label><input type="radio" name="what" value=${what} .checked=${this.#what === what} @change=${() => {
              this.#what = what;
              this.#page.update();
            }} /> ${t(`door_${what}`)}</label>`,
        )}</fieldset>
        <button type="button" class="button small" @click=${() => (this.#camera ? this.#stop() : this.#start())}>${t(this.#camera ? "door_stop" : "door_scan")}</button>
        <form @submit=${this.#typed}><label>${t("door_scanner")} <input name="pass" autocomplete="off" spellcheck="false" /></label></form>
      </div>
      <video class="door-camera" ?hidden=${!this.#camera} muted playsinline aria-label=${t("door_camera")}></video>
      <div role="status" aria-live="assertive">${this.#last ? this.#lastTemplate(this.#last) : nothing}</div>
      ${this.#asking ? this.#askTemplate(this.#asking) : nothing}
      ${this.#book.conflicts.length ? this.#conflictsTemplate() : nothing}
      <ul class="door-list">${people.map((line) => this.#personTemplate(line))}</ul>`;
  }

  #personTemplate(line) {
    const where = this.#book.whereIs(line.id, this.#number);
    const clock = where.at
      ? new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(where.at))
      : "";
    const recorded = where.what === this.#what;
    return html`<li class="door-${where.what || "none"}"><button type="button" ?disabled=${recorded} @click=${() => this.#take({ person: line.id })}>
      <span class="avatar" data-initials=${initials(line.name)}></span><span class="visually-hidden">${t(`door_${this.#what}`)}${t("colon")}</span><span class="door-name"><b>${line.name}</b><small>${line.lang.toUpperCase()}</small></span>
      <span class="door-state">${where.what ? html`<span class="chip chip-done">${t(`door_is_${where.what}`)} ${clock}</span>` : readyTemplate(line, 1)}</span></button></li>`;
  }

  #lastTemplate({ outcome, line, at }) {
    const good = outcome === "done";
    const clock = at
      ? new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(at))
      : "";
    return html`<p class="door-last ${good ? "door-good" : "door-bad"}">${line ? html`<span class="avatar" data-initials=${initials(line.name)}></span> <b>${line.name}</b>` : nothing} <span>${t(`door_outcome_${outcome.replaceAll("-", "_")}`, { time: clock })}</span></p>`;
  }

  #askTemplate(asked) {
    return html`<form class="panel stack" @submit=${(event) => {
      event.preventDefault();
      const why = new FormData(event.target).get("why").trim();
      this.#asking = null;
      this.#take({ ...asked, why });
    }}><label>${t("door_why", { name: asked.line.name, missing: [...new Set(asked.line.missing.map((need) => need.title))].join(", ") })}<input name="why" required maxlength="500" /></label>
      <p class="actions"><button type="submit" class="button">${t("door_admit")}</button> <button type="button" class="button quiet" @click=${() => {
        this.#asking = null;
        this.#page.update();
      }}>${t("cancel")}</button></p></form>`;
  }

  #conflictsTemplate() {
    const name = (id) => this.#book.event.roster.find((line) => line.id === id)?.name ?? t("door_unknown");
    return html`<section class="panel" aria-labelledby="conflicts"><h2 id="conflicts">${t("door_conflicts")}</h2><ul class="people-list">${this.#book.conflicts.map(
      (line) =>
        html`<li><b>${name(line.person_id)}</b> <span>${t(`door_outcome_${line.outcome.replaceAll("-", "_")}`, { time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(line.claimed_at)) })}</span> <button type="button" class="linklike" @click=${() => {
          this.#book.seen(line.id);
          this.#page.update();
        }}>${t("door_seen")}</button></li>`,
    )}</ul></section>`;
  }

  #typed = (event) => {
    event.preventDefault();
    const field = event.target.elements.pass;
    const token = field.value.trim();
    field.value = "";
    if (token) this.#take({ token });
  };

  /** Somebody is at the door, with a pass or by name. */
  async #take({ token = "", person = undefined, why = "" }) {
    const pass = token ? await readPass(token, this.#book.event.pass_key, crypto) : undefined;
    const what = this.#what;
    const judged = this.#book.judge({ pass, person, number: this.#number, what, why });
    this.#last = judged;
    this.#asking = judged.outcome === "not-ready" ? { token, person: pass?.person ?? person, line: judged.line } : null;
    // What is refused is written too: a copied pass leaves its trace.
    if (!["not-ready", "again"].includes(judged.outcome)) {
      const id = crypto.randomUUID();
      const whom = pass?.person ?? person ?? null;
      this.#book.write({ token, person: whom, number: this.#number, what, why, id, outcome: judged.outcome });
    }
    this.#page.update();
    if (this.#asking) this.#page.querySelector('[name="why"]')?.focus();
    await this.#send();
  }

  async #send() {
    if (this.#sending || !this.#book?.batch(1).length) return;
    this.#sending = true;
    let most = 100;
    try {
      for (let lines = this.#book.batch(most); lines.length; lines = this.#book.batch(most)) {
        try {
          const body = { device: this.#book.device, lines };
          this.#book.sent((await api.once(`/events/${this.#book.event.id}/door`, body)).lines);
        } catch (error) {
          if (error.passing || ["unauthenticated", "forbidden"].includes(error.code)) throw error;
          // One line that cannot be taken must not hold up the others: they go one by one.
          if (most === 1) this.#book.refused(lines[0].id);
          most = 1;
        }
      }
      this.#offline = false;
    } catch (error) {
      this.#offline = error.passing;
      if (!error.passing) this.#page.message = { text: errorText(error), good: false };
    }
    this.#sending = false;
    if (this.#page.isConnected) this.#page.update();
  }

  async #start() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const { default: readCode } = await import("jsqr");
      const video = this.#page.querySelector(".door-camera");
      video.srcObject = stream;
      await video.play();
      this.#camera = { stream, read: readCode, canvas: document.createElement("canvas"), said: "" };
      this.#page.update();
      this.#look();
    } catch {
      this.#page.tell(t("door_no_camera"), false);
    }
  }

  #stop() {
    for (const track of this.#camera?.stream.getTracks() ?? []) track.stop();
    this.#camera = null;
    if (this.#page.isConnected) this.#page.update();
  }

  /** Looks at one picture of the camera after the other. */
  #look() {
    const camera = this.#camera;
    const video = this.#page.querySelector(".door-camera");
    if (!camera || !video) return;
    const { videoWidth: width, videoHeight: height } = video;
    if (width) {
      camera.canvas.width = width;
      camera.canvas.height = height;
      const context = camera.canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0);
      const found = camera.read(context.getImageData(0, 0, width, height).data, width, height)?.data ?? "";
      // The same code stays in front of the camera for a while.
      if (found && found !== camera.said) this.#take({ token: found });
      if (found) camera.said = found;
    }
    setTimeout(() => this.#look(), 150);
  }
}
