// The picture of a scene: a panorama to turn in or a flat picture, with a button at everything that one can act on.
import { html, nothing, render, svg } from "lit/html.js";
import { around, project, unproject } from "../lib/scene.js";
import { t } from "../lib/texts.js";
import { makePanorama } from "./scene-panorama.js";

const PHONE = "-2048";
const WIDE = matchMedia("(min-width: 48em)");
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const STEP = 15;
const SNAP = 30;
const HIGHEST = 80;
const [NEAREST, FARTHEST] = [35, 100];
const LOOKING = 500;
const A_MOVE = 6;

/** Opens the picture in the place of a scene; gives what draws it anew, what puts the focus there and what closes it. */
export function openStage(host) {
  const { run } = host;
  const place = host.querySelector(".scene-place");
  const poster = place.querySelector(".scene-poster");
  const root = document.createElement("div");
  root.className = "scene-stage";
  poster.hidden = true;
  place.append(root);

  let scenery = null;
  let panorama = null;
  let model = null;
  let look = { yaw: 0, pitch: 0, across: 75 };
  let shown = "";
  let opened = null;
  let state = "loading";
  let frame = 0;
  let turning = 0;
  let pressing = false;
  let isNew = false;
  let motion = false;
  let width = 1;
  let height = 1;

  const viewOf = () => run.scene.views.find((view) => view.id === run.view);

  function eye() {
    const wide = Math.tan((look.across / 2) * (Math.PI / 180));
    return { yaw: look.yaw, pitch: look.pitch, wide, high: (wide * height) / width };
  }

  function paint() {
    frame = 0;
    const view = viewOf();
    if (state !== "ready") return;
    if (view.flat) {
      for (const button of root.querySelectorAll(".scene-hotspot")) {
        const [left, top] = run.hotspots.get(button.dataset.hotspot).at;
        button.style.left = `${left}%`;
        button.style.top = `${top}%`;
      }
      return;
    }
    const from = eye();
    scenery.draw(from);
    for (const button of root.querySelectorAll(".scene-hotspot")) {
      const at = scenery.project(run.hotspots.get(button.dataset.hotspot).at, from);
      const seen = at && Math.abs(at.x) < 1.05 && Math.abs(at.y) < 1.05;
      button.classList.toggle("is-away", !seen);
      if (!seen) continue;
      button.style.left = `${(at.x + 1) * 50}%`;
      button.style.top = `${(1 - at.y) * 50}%`;
    }
    root.querySelector(".scene-map-look")?.setAttribute("transform", `rotate(${look.yaw})`);
  }

  function repaint() {
    frame ||= requestAnimationFrame(paint);
  }

  function turn(yaw, pitch) {
    look = { ...look, yaw: around(look.yaw + yaw), pitch: Math.max(-HIGHEST, Math.min(HIGHEST, look.pitch + pitch)) };
    repaint();
  }

  function turnTo([yaw, pitch]) {
    cancelAnimationFrame(turning);
    if (CALM.matches) {
      look = { ...look, yaw, pitch: Math.max(-HIGHEST, Math.min(HIGHEST, pitch)) };
      repaint();
      return;
    }
    const [across, up] = [around(yaw - look.yaw), pitch - look.pitch];
    const began = performance.now();
    let done = 0;
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / 300));
      const eased = part * (2 - part);
      turn(across * (eased - done), up * (eased - done));
      done = eased;
      if (part < 1 && root.isConnected) turning = requestAnimationFrame(step);
    };
    turning = requestAnimationFrame(step);
  }

  function zoom(by) {
    look = { ...look, across: Math.max(NEAREST, Math.min(FARTHEST, look.across + by)) };
    repaint();
  }

  const heightOf = () => [canvas().width, canvas().height];
  const canvas = () => root.querySelector(viewOf().model ? ".scene-solid" : ".scene-around");

  /** Shows a panorama, in the size that this device needs; gives false where that is not possible. */
  async function loadPanorama(view) {
    panorama ??= makePanorama(canvas());
    if (!panorama) return "no-webgl";
    const dot = view.picture.lastIndexOf(".");
    const small = `${view.picture.slice(0, dot)}${PHONE}${view.picture.slice(dot)}`;
    const isSmall = !WIDE.matches || panorama.widest < 4096;
    const image = await loadImage((isSmall && host.file(small)) || host.file(view.picture));
    if (shown === view.id) panorama.show(image);
    scenery = { ...panorama, project, towards: (at) => at };
    return "ready";
  }

  async function loadModel(view) {
    const { makeModel } = await import("./scene-model.js");
    model?.end();
    model = await makeModel(canvas(), host.file(view.model));
    model.resize(...heightOf());
    scenery = model;
    return "ready";
  }

  async function loadImage(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  }

  async function load(view) {
    state = "loading";
    shown = view.id;
    opened = null;
    look = { yaw: view.look[0], pitch: view.look[1], across: WIDE.matches ? 85 : 65 };
    // The buttons of another view have places and looks of their own.
    isNew = true;
    draw();
    isNew = false;
    draw();
    try {
      const loading = view.flat
        ? loadImage(host.file(view.picture)).then(() => "ready")
        : view.model
          ? loadModel(view)
          : loadPanorama(view);
      const found = await loading;
      if (shown !== view.id || !root.isConnected) return;
      state = found;
    } catch {
      if (shown !== view.id || !root.isConnected) return;
      state = "failed";
    }
    draw();
  }

  /** Where one looks is kept for the debriefing, while the page is looked at. */
  const looking = setInterval(() => {
    if (state !== "ready" || document.hidden || viewOf().flat) return;
    const before = run.events.length;
    run.look(look.yaw, look.pitch);
    if (run.events.length > before) host.keep();
  }, LOOKING);

  function open(hotspot, button) {
    run.note("looked-at", { id: hotspot.id });
    const says = hotspot.text || hotspot.picture || hotspot.sound || hotspot.film;
    if (!says && hotspot.ask && !host.actText(hotspot)) {
      host.askQuestion(hotspot, button);
      if (!host.saidOf(hotspot)) return;
    } else if (!says && hotspot.go && !hotspot.ask && !hotspot.answer && !hotspot.acts) {
      if (!host.act(hotspot)) return;
    }
    opened = hotspot.id;
    draw();
    root.querySelector(".scene-panel").focus();
  }

  function closePanel() {
    const back = opened;
    opened = null;
    draw();
    root.querySelector(`[data-hotspot="${back}"]`)?.focus();
  }

  function keyed(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    closePanel();
  }

  function panel() {
    const hotspot = run.hotspots.get(opened);
    if (!hotspot) return nothing;
    const [picture, sound, film] = [hotspot.picture, hotspot.sound, hotspot.film].map(
      (name) => name && host.file(name),
    );
    return html`<div class="scene-panel" role="dialog" aria-label=${hotspot.label} tabindex="-1" @keydown=${keyed}>
      <h3>${hotspot.label}</h3>
      ${hotspot.text ? html`<p>${hotspot.text}</p>` : nothing}
      ${picture ? html`<img src=${picture} alt=${hotspot.text || hotspot.label}>` : nothing}
      ${sound ? html`<audio controls src=${sound}></audio>` : nothing}
      ${film ? html`<video controls src=${film}></video>` : nothing}
      <div class="scene-acts">${host.actsTemplate(hotspot)}
        <button type="button" class="button small quiet" @click=${closePanel}>${t("scene_close")}</button></div>
    </div>`;
  }

  function dot(hotspot) {
    const angle = (hotspot.at[0] * Math.PI) / 180;
    return svg`<circle class="scene-map-dot" r="1.6" cx=${Math.sin(angle) * 15} cy=${-Math.cos(angle) * 15}></circle>`;
  }

  function map(view) {
    // A picture of where one looks; the buttons say the same in words.
    return html`<svg class="scene-map" viewBox="-22 -22 44 44" aria-hidden="true"><circle r="20"></circle><path class="scene-map-look" d="M0 0 L-11 -17 A20 20 0 0 1 11 -17 Z"></path>${view.hotspots.map(dot)}</svg>`;
  }

  /** Who goes from thing to thing by keyboard sees what has the focus; a finger or a mouse sees it already. */
  function focused(view, hotspot) {
    if (!view.flat && !pressing && state === "ready") turnTo(scenery.towards(hotspot.at));
  }

  function hotspotButton(view, hotspot) {
    const place = host.isPicked(hotspot);
    return html`<button type="button" class="scene-hotspot" data-hotspot=${hotspot.id} data-picked=${place || nothing} aria-pressed=${hotspot.answer ? String(place > 0) : nothing} @click=${(event) => open(hotspot, event.currentTarget)} @focus=${() => focused(view, hotspot)}><span class="scene-dot" aria-hidden="true">${host.question(hotspot.answer?.[0])?.localName === "air-ordering" && place ? place : ""}</span><span class="scene-label">${hotspot.label}</span></button>`;
  }

  const tool = (key, sign, act) =>
    html`<button type="button" class="scene-tool" aria-label=${t(key)} title=${t(key)} @click=${act}>${sign}</button>`;

  function draw() {
    const view = viewOf();
    if (shown !== view.id) {
      load(view);
      return;
    }
    render(
      html`<div class="scene-frame ${view.flat ? "is-flat" : ""} ${state === "ready" || state === "loading" ? "" : "is-list"}" role="group" tabindex="0" aria-label=${t("scene_frame", { title: view.title })}>
          <canvas class="scene-around" aria-hidden="true" ?hidden=${view.flat || view.model || state !== "ready"}></canvas>
          <canvas class="scene-solid" aria-hidden="true" ?hidden=${!view.model || state !== "ready"}></canvas>
          ${view.flat && state === "ready" ? html`<img class="scene-flat" src=${host.file(view.picture)} alt="">` : nothing}
          ${state === "loading" ? html`<p class="scene-wait" role="status">${t("scene_loading")}</p>` : nothing}
          ${state === "failed" ? html`<p class="scene-wait" role="alert">${t("scene_failed")} <button type="button" class="button small" @click=${() => load(view)}>${t("scene_again")}</button></p>` : nothing}
          ${state === "no-webgl" ? html`<p class="scene-wait" role="alert">${t("scene_no_webgl")}</p>` : nothing}
          <div class="scene-hotspots ${state === "ready" ? "" : "is-list"}">${isNew ? nothing : view.hotspots.map((one) => hotspotButton(view, one))}</div>
          ${view.flat || view.model || state !== "ready" ? nothing : map(view)}
          ${panel()}
        </div>
        <div class="scene-tools" role="group" aria-label=${t("scene_tools")}>${
          view.flat
            ? nothing
            : html`${tool("scene_turn_left", "◀", () => turn(-SNAP, 0))}${tool("scene_turn_right", "▶", () => turn(SNAP, 0))}${tool("scene_turn_up", "▲", () => turn(0, STEP))}${tool("scene_turn_down", "▼", () => turn(0, -STEP))}${tool("scene_zoom_in", "+", () => zoom(-STEP))}${tool("scene_zoom_out", "−", () => zoom(STEP))}${"DeviceOrientationEvent" in window && matchMedia("(pointer: coarse)").matches ? html`<button type="button" class="scene-tool scene-wide" aria-pressed=${String(motion)} @click=${askMotion}>${t("scene_motion")}</button>` : nothing}`
        }${document.fullscreenEnabled ? html`<button type="button" class="scene-tool scene-wide" @click=${full}>${t(document.fullscreenElement ? "scene_full_end" : "scene_full")}</button>` : nothing}</div>`,
      root,
    );
    repaint();
  }

  const full = () =>
    document.fullscreenElement ? document.exitFullscreen() : host.requestFullscreen().catch(() => {});
  const refull = () => draw();
  document.addEventListener("fullscreenchange", refull);

  const moved = ({ alpha, beta, gamma }) => {
    if (alpha === null) return;
    const flat = screen.orientation?.type.startsWith("landscape");
    look = {
      ...look,
      yaw: around(-alpha),
      pitch: Math.max(-HIGHEST, Math.min(HIGHEST, flat ? -gamma - 90 : beta - 90)),
    };
    repaint();
  };

  /** The movement of the phone is asked for when somebody wants it, and never before. */
  async function askMotion() {
    motion = !motion;
    if (motion) {
      const granted = (await DeviceOrientationEvent.requestPermission?.().catch(() => "denied")) ?? "granted";
      motion = granted === "granted";
    }
    window[motion ? "addEventListener" : "removeEventListener"]("deviceorientation", moved);
    draw();
  }

  /** In words for `at:`, what is under the pointer: for who writes a scene and opens its page with #place. */
  function showPlace(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const [right, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (viewOf().model) return;
    const at = viewOf().flat
      ? [right, down].map((part) => Math.round(part * 1000) / 10)
      : unproject({ x: right * 2 - 1, y: 1 - down * 2 }, eye());
    const text = `at: [${at.join(", ")}]`;
    pointer.textContent = text;
    if (event.type === "click") navigator.clipboard?.writeText(text).catch(() => {});
  }

  draw();
  const sphere = root.querySelector(".scene-around");
  const pointer = document.createElement("output");
  pointer.className = "scene-pointer";
  if (location.hash === "#place") {
    root.append(pointer);
    for (const kind of ["pointermove", "click"]) root.querySelector(".scene-frame").addEventListener(kind, showPlace);
  }
  const sizes = new ResizeObserver(() => {
    const box = root.querySelector(".scene-frame").getBoundingClientRect();
    [width, height] = [Math.max(1, box.width), Math.max(1, box.height)];
    const dense = Math.min(2, devicePixelRatio);
    for (const one of [sphere, root.querySelector(".scene-solid")]) {
      one.width = Math.round(width * dense);
      one.height = Math.round(height * dense);
    }
    model?.resize(...heightOf());
    repaint();
  });
  sizes.observe(root.querySelector(".scene-frame"));

  // A finger that comes down on a thing and moves on turns the view; one that does not acts on it.
  let held = null;
  const down = (event) => {
    pressing = true;
    if (event.target.closest(".scene-panel") || viewOf().flat) return;
    held = { x: event.clientX, y: event.clientY, turning: false };
  };
  const move = (event) => {
    if (!event.buttons) pressing = false;
    if (!held || !event.buttons) return;
    const [right, below] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.turning && Math.hypot(right, below) < A_MOVE) return;
    if (!held.turning) event.currentTarget.setPointerCapture(event.pointerId);
    const by = look.across / width;
    turn(-right * by, below * by);
    held = { x: event.clientX, y: event.clientY, turning: true };
  };
  const up = () => {
    pressing = false;
    held = null;
  };
  const frameOf = root.querySelector(".scene-frame");
  frameOf.addEventListener("pointerdown", down, true);
  frameOf.addEventListener("pointermove", move);
  frameOf.addEventListener("pointerup", up);
  frameOf.addEventListener("pointercancel", up);
  frameOf.addEventListener("keydown", (event) => {
    if (event.target.closest(".scene-panel")) return;
    const by = CALM.matches ? SNAP : STEP;
    const turns = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] }[event.key];
    if (turns && !viewOf().flat) turn(...turns);
    else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? -STEP : STEP);
    else return;
    event.preventDefault();
  });
  sphere.addEventListener("webglcontextlost", (event) => event.preventDefault());
  sphere.addEventListener("webglcontextrestored", () => {
    panorama.restore();
    load(viewOf());
  });

  return {
    draw,
    focus: () => root.querySelector(".scene-frame").focus(),
    close() {
      clearInterval(looking);
      cancelAnimationFrame(turning);
      cancelAnimationFrame(frame);
      sizes.disconnect();
      document.removeEventListener("fullscreenchange", refull);
      removeEventListener("deviceorientation", moved);
      if (document.fullscreenElement === host) document.exitFullscreen();
      panorama?.end();
      model?.end();
      render(nothing, root);
      root.remove();
      poster.hidden = false;
    },
  };
}
