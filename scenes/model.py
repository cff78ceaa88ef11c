"""Exports a machine: a GLB without decoders, a USDZ for Quick Look, and a poster. It needs Blender as a module.

python -m scenes.model pump --to content/rooms-to-try/scenes/pump/pump.glb
"""

from __future__ import annotations

import argparse
import math
import tempfile
from pathlib import Path

import bpy  # type: ignore[import-not-found]
from PIL import Image

from scenes.machines import MACHINES
from scenes.made import note
from scenes.parts import Room
from scenes.render import add_part, make_materials


def build(machine: Room) -> None:
    """Put a machine together in Blender's scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    materials = make_materials()
    for thing in machine.things:
        for part in thing.parts:
            add_part(part, materials)
    # One solid of all: fewer pieces to draw, and no names to be shown.
    for made in bpy.context.scene.objects:
        made.select_set(True)
        bpy.context.view_layer.objects.active = made
    bpy.ops.object.convert(target="MESH")
    bpy.ops.object.join()
    bpy.context.object.name = bpy.context.object.data.name = machine.name


def take_poster(machine: Room, to: Path) -> None:
    """A picture of the machine from its eye."""
    scene = bpy.context.scene
    camera = bpy.data.cameras.new("eye")
    camera.lens = 30
    held = bpy.data.objects.new("eye", camera)
    held.location, held.rotation_euler = machine.eye, (math.radians(82), 0, math.radians(4))
    scene.collection.objects.link(held)
    scene.camera = held
    light = bpy.data.objects.new("light", bpy.data.lights.new("light", "AREA"))
    light.location, light.data.energy, light.data.size = (1.5, -3.0, 4.0), 350, 3
    light.rotation_euler = (math.radians(45), 0, math.radians(25))
    scene.collection.objects.link(light)
    world = bpy.data.worlds.new("world")
    scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.55, 0.62, 0.66, 1)
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples, scene.cycles.use_denoising = "CPU", 32, True
    scene.render.resolution_x, scene.render.resolution_y = 960, 540
    scene.render.image_settings.file_format = "PNG"
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "poster.png")
        bpy.ops.render.render(write_still=True)
        with Image.open(scene.render.filepath) as picture:
            picture.convert("RGB").save(to, quality=75, method=6)


def main() -> None:
    """Export one machine and note what it was made of."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("machine", choices=sorted(MACHINES))
    parser.add_argument("--to", type=Path, required=True)
    args = parser.parse_args()
    machine = MACHINES[args.machine]
    build(machine)
    args.to.parent.mkdir(parents=True, exist_ok=True)
    bpy.ops.export_scene.gltf(filepath=str(args.to), export_format="GLB", export_apply=True, export_texcoords=False)
    usdz = args.to.with_suffix(".usdz")
    bpy.ops.wm.usd_export(filepath=str(usdz), export_textures_mode="KEEP")
    front = args.to.with_name(f"{args.to.stem}-poster.webp")
    take_poster(machine, front)
    note(machine, False, [args.to, usdz, front])


if __name__ == "__main__":
    main()
