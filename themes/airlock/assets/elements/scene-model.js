// Equipment in 3D: one goes around it, and its parts are where the buttons are.
import {
  Box3,
  Color,
  DirectionalLight,
  NeutralToneMapping,
  PerspectiveCamera,
  PMREMGenerator,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const RAD = Math.PI / 180;
const GROUND = 0xcfdad8;
const ROOM = 0.82;

/** The model of a file, with its middle and how far its farthest point is from that, in metres. */
export async function loadModel(url) {
  const { scene } = await new GLTFLoader().loadAsync(url);
  const box = new Box3().setFromObject(scene);
  const middle = box.getCenter(new Vector3());
  return { model: scene, middle, reach: box.getSize(new Vector3()).length() / 2 };
}

/** Lights and reflections by which a model is seen. */
export function lightUp(world, renderer) {
  const rays = new PMREMGenerator(renderer);
  world.environment = rays.fromScene(new RoomEnvironment(), 0.04).texture;
  rays.dispose();
  world.environmentIntensity = 0.55;
  renderer.toneMapping = NeutralToneMapping;
  const sun = new DirectionalLight(0xffffff, 1.1);
  sun.position.set(2, 4, 3);
  world.add(sun);
}

/** Shows a model on a canvas; throws where there is no WebGL or the file does not come. */
export async function makeModel(canvas, url) {
  const renderer = new WebGLRenderer({ canvas, antialias: true });
  const { model, middle, reach } = await loadModel(url);
  const world = new Scene();
  world.background = new Color(GROUND);
  lightUp(world, renderer);
  world.add(model);
  const camera = new PerspectiveCamera(40, 1, reach / 50, reach * 20);
  const point = new Vector3();

  function aim({ yaw, pitch, wide, high }) {
    // The lens stays as it is; nearer is nearer.
    const room = Math.min(1.6, Math.max(0.35, wide)) * Math.max(1, (0.75 * high) / wide);
    const far = (reach * ROOM * room) / Math.tan(20 * RAD);
    const [turn, up] = [yaw * RAD, pitch * RAD];
    camera.aspect = wide / high;
    camera.position
      .set(Math.sin(turn) * Math.cos(up), Math.sin(up), Math.cos(turn) * Math.cos(up))
      .multiplyScalar(far)
      .add(middle);
    camera.lookAt(middle);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
  }

  return {
    resize: (width, height) => renderer.setSize(width, height, false),
    draw(eye) {
      aim(eye);
      renderer.render(world, camera);
    },
    /** Where a part is in the picture that was drawn last: x and y from -1 to 1, null behind the one who looks. */
    project(at) {
      point.fromArray(at).project(camera);
      return point.z < 1 ? { x: point.x, y: point.y } : null;
    },
    /** From where one sees a part. */
    towards: (at) => [Math.max(-60, Math.min(60, (Math.atan2(at[0] - middle.x, 2) / RAD) * 0.6)), 12],
    end: () => renderer.dispose(),
  };
}
