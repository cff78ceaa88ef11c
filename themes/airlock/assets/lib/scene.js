// What happens in a scene: views, states, what is refused, and what the learner did with its times. No DOM.

const MOST_EVENTS = 1000;
const MOST_LOOKS = 500;
const REPEATED = ["looked-at", "answered", "asked"];
const DAY = 86_400;
const BIN = 10;

export class SceneRun {
  #now;
  #began = null;
  #looked = null;

  /**
   * @param scene As the page has it: start, states, views with their hotspots.
   * @param now Milliseconds of a clock that only goes on.
   */
  constructor(scene, now = () => performance.now()) {
    this.#now = now;
    this.scene = scene;
    this.view = scene.start;
    this.states = Object.fromEntries(scene.states.map(({ id, values }) => [id, values[0]]));
    this.events = [];
    this.route = "";
    this.clock = null;
    this.hotspots = new Map(scene.views.flatMap((view) => view.hotspots).map((one) => [one.id, one]));
  }

  get begun() {
    return this.#began !== null;
  }

  /** Seconds since one came in. */
  get seconds() {
    return this.begun ? Math.min(DAY, Math.round((this.#now() - this.#began) / 100) / 10) : 0;
  }

  /** Comes in by a route, or goes on by another one. */
  enter(route) {
    this.#began ??= this.#now();
    if (this.route !== route) this.note("entered", { route });
    this.route = route;
  }

  /** Keeps what was done. Looking around and typing never take the place of acts: those are kept to the end. */
  note(what, detail = {}) {
    const last = this.events.at(-1);
    const isSame = what === "answered" && last?.what === what && last.id === detail.id;
    const most = REPEATED.includes(what) ? MOST_LOOKS : MOST_EVENTS;
    if (this.begun && !isSame && this.events.length < most) this.events.push({ what, at: this.seconds, ...detail });
  }

  /** What of the needs of a hotspot does not hold; null when all of it does. */
  refusal(id) {
    const { needs = {}, refused = "" } = this.hotspots.get(id);
    const wanted = Object.entries(needs);
    if (!wanted.length) return refused || null;
    return wanted.every(([state, value]) => this.states[state] === value) ? null : refused;
  }

  /** Acts on a hotspot: gives what is said where it is refused, null where it was done. */
  act(id) {
    const hotspot = this.hotspots.get(id);
    const refused = this.refusal(id);
    this.note("acted", { id });
    if (refused !== null) return refused;
    Object.assign(this.states, hotspot.sets);
    if (hotspot.go) this.view = hotspot.go;
    if (hotspot.clock) this.clock = { ends: this.#now() + hotspot.clock * 1000 };
    return null;
  }

  /** Seconds that are left, null without a clock; the first look after its end notes that it is over. */
  get left() {
    if (!this.clock) return null;
    const left = Math.max(0, Math.ceil((this.clock.ends - this.#now()) / 1000));
    if (left === 0 && !this.clock.over) {
      this.clock.over = true;
      this.note("time-over");
    }
    return left;
  }

  /** Where one looks, told now and then: kept to ten degrees, with how long it was looked at. */
  look(yaw, pitch) {
    const at = [yaw, pitch].map((degrees) => Math.round(degrees / BIN) * BIN);
    const key = `${this.view} ${at}`;
    if (this.#looked?.key === key) {
      this.#looked.event.seconds = Math.round((this.seconds - this.#looked.event.at) * 10) / 10;
      return;
    }
    if (!this.begun || this.events.length >= MOST_LOOKS) return;
    const event = { what: "looked", at: this.seconds, view: this.view, yaw: at[0], pitch: at[1], seconds: 0 };
    this.events.push(event);
    this.#looked = { key, event };
  }

  /** What is kept with the answers: what is handed in, and how things stand. */
  get saved() {
    const { route, seconds, events, states, view, left } = this;
    return { report: { route, seconds, events }, states, view, left };
  }

  /** Goes on with what was kept. */
  resume({ report, states, view, left }) {
    this.#began = this.#now() - report.seconds * 1000;
    Object.assign(this, { route: report.route, events: [...report.events] });
    Object.assign(this.states, states);
    if (this.scene.views.some(({ id }) => id === view)) this.view = view;
    if (left !== null && left !== undefined) this.clock = { ends: this.#now() + left * 1000, over: left === 0 };
  }
}

/** A response after an option was picked: taken back where it was there, and alone where only one can be. */
export function picked(response, option, several) {
  const now = Array.isArray(response) ? response : [];
  if (now.includes(option)) return now.filter((other) => other !== option);
  return several ? [...now, option] : [option];
}

/** Degrees in -180..180. */
export function around(degrees) {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** The direction of a point of the picture, degrees to one decimal: the other way round of `project`. */
export function unproject({ x, y }, look) {
  const rad = Math.PI / 180;
  const [across, up] = [x * look.wide, y * look.high];
  const length = Math.hypot(across, up, 1);
  const [c, s] = [Math.cos(look.pitch * rad), Math.sin(look.pitch * rad)];
  const yaw = Math.atan2(across, c - up * s) / rad + look.yaw;
  const pitch = Math.asin((up * c + s) / length) / rad;
  return [around(yaw), pitch].map((degrees) => Math.round(degrees * 10) / 10);
}

/**
 * Where a direction is in a picture: x and y from -1 to 1 with y up, null behind the one who looks.
 * @param at Yaw and pitch of the direction, degrees.
 * @param look Yaw, pitch, and half of the width and height of the picture at a distance of 1.
 */
export function project([yaw, pitch], look) {
  const rad = Math.PI / 180;
  const turn = (yaw - look.yaw) * rad;
  const up = pitch * rad;
  const [x, y, z] = [Math.sin(turn) * Math.cos(up), Math.sin(up), Math.cos(turn) * Math.cos(up)];
  const [c, s] = [Math.cos(look.pitch * rad), Math.sin(look.pitch * rad)];
  const depth = z * c + y * s;
  if (depth < 0.05) return null;
  return { x: x / depth / look.wide, y: (y * c - z * s) / depth / look.high };
}
