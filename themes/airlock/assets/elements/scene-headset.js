// A scene on a headset (WebXR): the same things to act on by controller, hand or gaze, the same questions on panels.
// Nothing here moves the one who looks: they turn themselves.
import {
  BufferGeometry,
  CanvasTexture,
  CircleGeometry,
  Group,
  Line,
  LinearFilter,
  LineBasicMaterial,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  PerspectiveCamera,
  PlaneGeometry,
  Raycaster,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  TextureLoader,
  Vector3,
  WebGLRenderer,
} from "three";
import { picked } from "../lib/scene.js";
import { t } from "../lib/texts.js";
import { lightUp, loadModel } from "./scene-model.js";

const FAR = 30;
const THINGS = 4;
const PANEL = 2;
const EYE = 1.5;
const AHEAD = 2.2;
const LOOKING = 500;
const [INK, PAPER, ACCENT, CHOSEN] = ["#ffffff", "#10201e", "#0b6b66", "#c2570c"];
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", ".", "-"];
const UNITS = ["Pa", "bar", "°C", "mL", "L", "g", "kg", "%"];
const CHOICES = ["air-single", "air-multiple", "air-truefalse"];
const NUMBERS = ["air-numeric", "air-calculated"];

/** Where a direction of the panorama is around the one who looks, at a distance in metres. */
function placeOf([yaw, pitch], distance) {
  const [turn, up] = [yaw, pitch].map((degrees) => (degrees * Math.PI) / 180);
  return new Vector3(Math.sin(turn) * Math.cos(up), Math.sin(up), -Math.cos(turn) * Math.cos(up)).multiplyScalar(
    distance,
  );
}

function linesOf(context, text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && context.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A plate with words on it, at most `wide` metres wide (or as wide as its one line, where it may `shrink`) and as high as they need. */
function plate(text, { wide, shrink = false, size = 0.055, ground = PAPER, bold = false }) {
  const dots = 700;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const font = `${bold ? "bold " : ""}${Math.round(size * dots)}px system-ui, sans-serif`;
  const [pad, step] = [size * 0.6 * dots, size * 1.35 * dots];
  context.font = font;
  const most = Math.round(wide * dots);
  const lines = linesOf(context, text, most - 2 * pad);
  canvas.width = shrink ? Math.ceil(Math.max(...lines.map((line) => context.measureText(line).width)) + 2 * pad) : most;
  canvas.height = Math.round(lines.length * step + pad);
  context.fillStyle = ground;
  context.beginPath();
  context.roundRect(0, 0, canvas.width, canvas.height, pad * 0.7);
  context.fill();
  context.fillStyle = INK;
  context.font = font;
  context.textBaseline = "top";
  lines.forEach((line, number) => {
    context.fillText(line, pad, pad * 0.7 + number * step);
  });
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  const high = canvas.height / dots;
  const made = new Mesh(
    new PlaneGeometry(canvas.width / dots, high),
    new MeshBasicMaterial({ map: texture, transparent: true }),
  );
  made.userData = { high, text };
  return made;
}

/**
 * Enters the headset, or lays a model over what the camera sees (`mode`: immersive-vr, immersive-ar); resolves once one
 * is out of it again. `enterBy` is told the route once there is a session.
 */
export async function enterHeadset(host, mode, enterBy) {
  const session = await navigator.xr.requestSession(mode, { optionalFeatures: ["hand-tracking"] });
  const isLaidOver = mode === "immersive-ar";
  enterBy(isLaidOver ? "ar" : "headset");
  const { run } = host;
  const renderer = new WebGLRenderer({ antialias: true, alpha: isLaidOver });
  renderer.xr.enabled = true;
  renderer.xr.setReferenceSpaceType("local");
  const world = new Scene();
  const camera = new PerspectiveCamera(75, 1, 0.05, 100);
  const sky = new Mesh(new SphereGeometry(FAR, 64, 32).scale(-1, 1, 1), new MeshBasicMaterial({ color: 0x888888 }));
  sky.rotation.y = -Math.PI / 2;
  const [things, panel] = [new Group(), new Group()];
  // A model stands on the floor, in its true size, some steps ahead.
  const solid = new Group();
  solid.position.set(0, -EYE, -AHEAD);
  world.add(sky, things, panel, solid);
  sky.visible = !isLaidOver;
  lightUp(world, renderer);
  let shown = "";
  let opened = null;

  function dispose(group) {
    for (const one of [...group.children]) {
      group.remove(one);
      one.traverse((part) => {
        part.geometry?.dispose();
        part.material?.map?.dispose();
        part.material?.dispose();
      });
    }
  }

  const viewOf = () => run.scene.views.find((view) => view.id === run.view);

  function showView() {
    const view = viewOf();
    if (shown === view.id) return;
    shown = view.id;
    opened = null;
    dispose(solid);
    sky.material.map?.dispose();
    sky.material.map = null;
    sky.material.color.set(view.model ? 0xcfdad8 : 0x888888);
    sky.material.needsUpdate = true;
    if (view.model) {
      loadModel(host.file(view.model)).then(
        ({ model }) => shown === view.id && solid.add(model),
        () => {},
      );
      return;
    }
    new TextureLoader().load(host.file(view.picture), (texture) => {
      texture.colorSpace = SRGBColorSpace;
      texture.minFilter = LinearFilter;
      texture.generateMipmaps = false;
      if (shown !== view.id) return;
      sky.material.map = texture;
      sky.material.color.set(0xffffff);
      sky.material.needsUpdate = true;
    });
  }

  /** Where a hotspot is: on a flat picture, around what is ahead; of a model, where its part is. */
  function directionOf(view, hotspot) {
    if (view.model) {
      const at = partOf(hotspot);
      return [(Math.atan2(at.x, -at.z) * 180) / Math.PI, (Math.asin(at.y / at.length()) * 180) / Math.PI];
    }
    return view.flat ? [(hotspot.at[0] - 50) * 0.9, (50 - hotspot.at[1]) * 0.6] : hotspot.at;
  }

  const partOf = (hotspot) => new Vector3().fromArray(hotspot.at).add(solid.position);

  function drawThings() {
    dispose(things);
    const view = viewOf();
    for (const hotspot of view.hotspots) {
      // Before a part, and as large for the eye as what stands farther away.
      const place = view.model ? partOf(hotspot) : placeOf(directionOf(view, hotspot), THINGS);
      const scale = view.model ? (place.length() / THINGS) * 0.7 : 1;
      const isChosen = host.isPicked(hotspot) > 0;
      const dot = new Mesh(
        new CircleGeometry(0.13, 24),
        new MeshBasicMaterial({ color: isChosen ? CHOSEN : ACCENT, transparent: true, opacity: 0.85 }),
      );
      dot.position.copy(place);
      dot.lookAt(0, 0, 0);
      dot.scale.setScalar(scale);
      dot.userData = { name: hotspot.id, act: () => open(hotspot) };
      const label = plate(hotspot.label, { wide: 1.2, shrink: true, size: 0.085 });
      label.position.copy(place).add(new Vector3(0, -0.24 * scale, 0));
      label.scale.setScalar(scale);
      label.lookAt(0, label.position.y * 0.2, 0);
      things.add(dot, label);
    }
    const leave = plate(t("scene_headset_leave"), { wide: 1.4, shrink: true, size: 0.08, ground: ACCENT, bold: true });
    leave.position.copy(placeOf([0, -42], PANEL));
    leave.lookAt(0, 0, 0);
    leave.userData.name = "leave";
    leave.userData.act = () => session.end();
    things.add(leave);
  }

  function open(hotspot) {
    run.note("looked-at", { id: hotspot.id });
    opened = { hotspot };
    drawPanel();
  }

  /** Rows of a panel: plates, and those that can be pressed with what they do. */
  function rowsOf({ hotspot, question }) {
    if (question) return questionRows(host.question(question));
    const rows = [
      [hotspot.label, null, { bold: true }],
      [host.saidOf(hotspot) || hotspot.text, null],
    ];
    const act = host.actText(hotspot);
    if (act) {
      const press = () => {
        host.act(hotspot);
        if (shown !== run.view) opened = null;
      };
      rows.push([act, press, { name: `act-${hotspot.id}`, on: host.isPicked(hotspot) > 0 }]);
    }
    if (hotspot.ask) {
      const press = () => {
        const refused = run.refusal(hotspot.id);
        if (refused !== null) {
          host.tell(hotspot, refused || t("scene_refused"));
          return;
        }
        run.note("asked", { id: hotspot.ask });
        opened = { hotspot, question: hotspot.ask };
      };
      rows.push([t("scene_ask"), press, { name: `ask-${hotspot.ask}` }]);
    }
    return rows;
  }

  function questionRows(question) {
    const rows = [[question.querySelector(".stem-text").textContent.trim(), null, { bold: true }]];
    const locked = question.fieldset.disabled;
    const answer = (value) => {
      if (locked) return;
      question.response = value;
      question.changed();
    };
    if (CHOICES.includes(question.localName)) {
      const response = question.response ?? [];
      for (const option of question.querySelectorAll(".option")) {
        const id = option.dataset.option;
        const press = () => answer(picked(question.response, id, question.several));
        const text = option.querySelector("label")?.textContent.trim() ?? option.textContent.trim();
        rows.push([text, press, { name: `option-${question.question}-${id}`, on: response.includes(id) }]);
      }
    } else if (NUMBERS.includes(question.localName)) {
      const typed = String(question.response ?? "");
      rows.push([typed || "…", null]);
      const key = (sign) => [sign, () => answer(`${question.response ?? ""}${sign}`), { name: `key-${sign}` }];
      rows.push(KEYS.map(key));
      rows.push(UNITS.map((unit) => [unit, () => answer(`${typed} ${unit}`.trim()), { name: `key-${unit}` }]));
      rows.push([t("scene_headset_delete"), () => answer(typed.slice(0, -1).trim()), { name: "key-delete" }]);
    } else {
      rows.push([t("scene_headset_later"), null]);
    }
    return rows;
  }

  function drawPanel() {
    dispose(panel);
    if (!opened) return;
    const rows = [
      ...rowsOf(opened).filter((row) => Array.isArray(row[0]) || row[0]),
      [
        t(opened.question ? "scene_back" : "scene_close"),
        () => {
          opened = opened.question ? { hotspot: opened.hotspot } : null;
        },
        { name: "close" },
      ],
    ];
    const wide = 1.5;
    let top = 0;
    const made = new Group();
    for (const row of rows) {
      const many = Array.isArray(row[0]) ? row : null;
      const cells = many ?? [row];
      const each = wide / cells.length;
      let high = 0;
      cells.forEach(([text, press, { name = "", on = false, bold = false } = {}], number) => {
        const ground = on ? CHOSEN : press ? ACCENT : PAPER;
        const cell = plate(`${on ? "✓ " : ""}${text}`, { wide: each - (many ? 0.015 : 0), ground, bold });
        cell.position.set(-wide / 2 + each * (number + 0.5), top - cell.userData.high / 2, 0);
        if (press) {
          cell.userData.name = name;
          cell.userData.act = () => {
            press();
            showView();
            drawThings();
            drawPanel();
          };
        }
        high = Math.max(high, cell.userData.high);
        made.add(cell);
      });
      top -= high + 0.02;
    }
    for (const cell of made.children) cell.position.y -= top / 2;
    const view = viewOf();
    const [yaw, pitch] = directionOf(view, opened.hotspot);
    made.position.copy(placeOf([yaw, Math.max(-15, Math.min(15, pitch))], PANEL));
    made.lookAt(0, 0, 0);
    panel.add(made);
  }

  const ray = new Raycaster();
  const turned = new Matrix4();

  /** What a controller, a hand or a gaze points at. */
  function targetOf(controller) {
    turned.identity().extractRotation(controller.matrixWorld);
    ray.ray.origin.setFromMatrixPosition(controller.matrixWorld);
    ray.ray.direction.set(0, 0, -1).applyMatrix4(turned);
    const on = [panel, things].flatMap((group) => ray.intersectObject(group, true));
    // A panel covers what is behind it.
    return on.sort((one, other) => one.distance - other.distance)[0]?.object;
  }

  /** Puts the model where a ray meets the floor: one taps the place where it is to stand. */
  function standAt({ origin, direction: ahead }) {
    if (ahead.y > -0.1) return;
    solid.position.copy(origin).addScaledVector(ahead, (-EYE - origin.y) / ahead.y);
    opened = null;
    drawThings();
    drawPanel();
  }

  const pointer = new BufferGeometry().setFromPoints([new Vector3(0, 0, 0), new Vector3(0, 0, -THINGS)]);
  for (const number of [0, 1]) {
    const controller = renderer.xr.getController(number);
    controller.add(new Line(pointer, new LineBasicMaterial({ color: 0xffffff })));
    controller.addEventListener("select", () => {
      const target = targetOf(controller);
      if (target) target.userData.act?.();
      else if (viewOf().model) standAt(ray.ray);
    });
    world.add(controller);
  }

  /** Yaw and pitch, in degrees, of what has a name; null where it is not there now. */
  host.headset = {
    directionOf(name) {
      const found = [panel, things]
        .flatMap((group) => group.children.flatMap((one) => [one, ...one.children]))
        .find((one) => one.userData.name === name && one.userData.act);
      if (!found) return null;
      const at = found.getWorldPosition(new Vector3());
      const degrees = 180 / Math.PI;
      return [Math.atan2(at.x, -at.z) * degrees, Math.asin(at.y / at.length()) * degrees];
    },
  };

  const direction = new Vector3();
  let lookedAt = 0;
  renderer.setAnimationLoop((now) => {
    if (now - lookedAt > LOOKING) {
      lookedAt = now;
      renderer.xr.getCamera().getWorldDirection(direction);
      const yaw = (Math.atan2(direction.x, -direction.z) * 180) / Math.PI;
      const before = run.events.length;
      run.look(yaw, (Math.asin(Math.max(-1, Math.min(1, direction.y))) * 180) / Math.PI);
      if (run.events.length > before) host.keep();
    }
    renderer.render(world, camera);
  });

  function leave() {
    renderer.setAnimationLoop(null);
    session.end().catch(() => {});
    delete host.headset;
    for (const group of [things, panel, solid]) dispose(group);
    sky.material.map?.dispose();
    renderer.dispose();
  }

  const over = new Promise((resolve) => {
    session.addEventListener("end", resolve);
  });
  showView();
  drawThings();
  try {
    await renderer.xr.setSession(session);
    await over;
  } finally {
    leave();
  }
}
