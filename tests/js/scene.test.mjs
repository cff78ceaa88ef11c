import assert from "node:assert/strict";
import { test } from "node:test";
import { around, picked, project, SceneRun, unproject } from "../../themes/airlock/assets/lib/scene.js";

const scene = {
  start: "hall",
  states: [{ id: "door", values: ["closed", "open"], labels: ["closed", "open"] }],
  views: [
    {
      id: "hall",
      hotspots: [
        { id: "lever", sets: { door: "open" } },
        { id: "door", needs: { door: "open" }, refused: "It is closed.", go: "room" },
        { id: "fence", refused: "Nobody may." },
        { id: "bell", clock: 60 },
      ],
    },
    { id: "room", hotspots: [{ id: "back", go: "hall" }] },
  ],
};

function begin() {
  const time = { now: 1000 };
  const run = new SceneRun(scene, () => time.now);
  return { run, time };
}

test("what is refused changes nothing, and can be done once its needs are met", () => {
  const { run } = begin();
  run.enter("screen");
  assert.equal(run.act("door"), "It is closed.");
  assert.equal(run.view, "hall");
  assert.equal(run.act("lever"), null);
  assert.deepEqual(run.states, { door: "open" });
  assert.equal(run.act("door"), null);
  assert.equal(run.view, "room");
  assert.equal(run.act("fence"), "Nobody may.");
});

test("what was done is reported with its times, and nothing before one came in", () => {
  const { run, time } = begin();
  run.note("asked", { id: "x" });
  assert.deepEqual(run.events, []);
  run.enter("text");
  time.now += 1500;
  run.act("lever");
  run.enter("text");
  run.enter("screen");
  assert.deepEqual(run.saved.report, {
    route: "screen",
    seconds: 1.5,
    events: [
      { what: "entered", at: 0, route: "text" },
      { what: "acted", at: 1.5, id: "lever" },
      { what: "entered", at: 1.5, route: "screen" },
    ],
  });
});

test("what was kept goes on after a reload, and acts are kept however much one looks and types", () => {
  const { run, time } = begin();
  run.enter("screen");
  time.now += 4000;
  run.act("lever");
  run.act("bell");
  time.now += 10_000;
  const again = new SceneRun(scene, () => time.now + 500_000);
  again.resume(JSON.parse(JSON.stringify(run.saved)));
  assert.equal(again.seconds, 14);
  assert.equal(again.left, 50);
  assert.equal(again.act("door"), null, "the door is open still");
  assert.deepEqual(
    again.events.map(({ what }) => what),
    ["entered", "acted", "acted", "acted"],
  );
  for (let number = 0; number < 3000; number += 1) {
    again.look(number * 20, 0);
    again.note("answered", { id: `q${number % 2}` });
  }
  for (let number = 0; number < 3; number += 1) again.note("answered", { id: "q" });
  const before = again.events.length;
  again.act("lever");
  assert.equal(again.events.length, before + 1);
  assert.ok(again.events.length <= 1000);
});

test("where one looks is kept to ten degrees, with how long", () => {
  const { run, time } = begin();
  run.enter("screen");
  run.look(3, -4);
  time.now += 2000;
  run.look(-2, 1);
  run.look(44, 1);
  const looked = run.events.filter(({ what }) => what === "looked");
  assert.deepEqual(
    looked.map(({ yaw, pitch, seconds }) => [yaw + 0, pitch + 0, seconds]),
    [
      [0, 0, 2],
      [40, 0, 0],
    ],
  );
  for (let number = 0; number < 3000; number += 1) run.look(number * 20, 0);
  assert.ok(run.events.length <= 1000, "the server takes no more than a thousand");
});

test("a clock counts down, and its end is noted once", () => {
  const { run, time } = begin();
  run.enter("screen");
  assert.equal(run.left, null);
  run.act("bell");
  assert.equal(run.left, 60);
  time.now += 61_000;
  assert.equal(run.left, 0);
  assert.equal(run.left, 0);
  assert.equal(run.events.filter(({ what }) => what === "time-over").length, 1);
});

test("picking takes back what was there, and is alone where one can be", () => {
  assert.deepEqual(picked(null, "a", true), ["a"]);
  assert.deepEqual(picked(["a"], "b", true), ["a", "b"]);
  assert.deepEqual(picked(["a", "b"], "a", true), ["b"]);
  assert.deepEqual(picked(["a"], "b", false), ["b"]);
  assert.deepEqual(picked(["b"], "b", false), []);
});

test("degrees go around, and a point of the picture leads back to its direction", () => {
  assert.deepEqual([190, -190, 540, 0].map(around), [-170, 170, -180, 0]);
  const look = { yaw: 170, pitch: -20, wide: 1, high: 0.7 };
  assert.equal(project([-10, 20], look), null, "it is behind the one who looks");
  for (const at of [
    [170, -20],
    [-175, -5],
    [150, -40.5],
  ]) {
    assert.deepEqual(unproject(project(at, look), look), at);
  }
  const ahead = project([170, -20], look);
  assert.ok(Math.abs(ahead.x) < 1e-9 && Math.abs(ahead.y) < 1e-9);
});
