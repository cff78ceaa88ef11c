"""Renders a room as a panorama. It needs Blender as a module: `pip install bpy pillow`, Python 3.11.

    python -m scenes.render filling-room --twin --to content/aseptic/scenes/filling-room/room.webp

Beside the picture of 4096 x 2048 a smaller one for phones is written, with `-2048` in its name, and a poster of what is
ahead. `scenes/made.json` gets what they were made of: a test compares.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from pathlib import Path

import bpy  # type: ignore[import-not-found]
from PIL import Image

from scenes.made import note
from scenes.parts import MATERIALS, Part, Room
from scenes.rooms import ROOMS

WIDTH = 4096


def make_materials() -> dict[str, object]:
    """Every material, by its name."""
    found = {}
    for name, said in MATERIALS.items():
        material = bpy.data.materials.new(name)
        material.use_nodes = True
        nodes = material.node_tree.nodes
        shader = nodes["Principled BSDF"]
        colour = (*said["colour"], 1.0)  # type: ignore[misc]
        shader.inputs["Base Color"].default_value = colour
        shader.inputs["Roughness"].default_value = said.get("rough", 0.5)
        shader.inputs["Metallic"].default_value = said.get("metal", 0.0)
        if said.get("glass"):
            # Thin glass without refraction: less noise, and what is behind stays where it is.
            clear = nodes.new("ShaderNodeBsdfTransparent")
            clear.inputs["Color"].default_value = colour
            shine = nodes.new("ShaderNodeBsdfGlossy")
            shine.inputs["Roughness"].default_value = 0.03
            mix = nodes.new("ShaderNodeMixShader")
            mix.inputs["Fac"].default_value = 0.14
            links = material.node_tree.links
            links.new(clear.outputs[0], mix.inputs[1])
            links.new(shine.outputs[0], mix.inputs[2])
            links.new(mix.outputs[0], nodes["Material Output"].inputs["Surface"])
        if said.get("light"):
            shader.inputs["Emission Color"].default_value = colour
            shader.inputs["Emission Strength"].default_value = said["light"]
        found[name] = material
    return found


def add_part(part: Part, materials: dict[str, object]) -> None:
    """Add one solid to the scene."""
    if part.shape == "text":
        bpy.ops.object.text_add(location=part.at)
        made = bpy.context.object
        made.data.body, made.data.size, made.data.extrude = part.text, part.size[0] * 1.4, part.size[2]
        made.data.align_x = "CENTER"
    elif part.shape == "box":
        bpy.ops.mesh.primitive_cube_add(size=1, location=part.at)
        made = bpy.context.object
        made.scale = part.size
        bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
        edge = min(part.round, min(part.size) / 3)
        if edge > 0.0008:
            bevel = made.modifiers.new("edge", "BEVEL")
            bevel.width, bevel.segments = edge, 2
    elif part.shape == "tube":
        bpy.ops.mesh.primitive_torus_add(
            location=part.at, major_radius=part.size[0] / 2, minor_radius=part.size[2] / 2, major_segments=40
        )
        made = bpy.context.object
    else:
        if part.shape == "sphere":
            bpy.ops.mesh.primitive_uv_sphere_add(radius=0.5, location=part.at, segments=32, ring_count=16)
        else:
            bpy.ops.mesh.primitive_cylinder_add(radius=0.5, depth=1, location=part.at, vertices=40)
        made = bpy.context.object
        made.scale = part.size
        bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
        bpy.ops.object.shade_auto_smooth(angle=math.radians(40))
    spin = float(part.text) if part.shape == "box" and part.text else 0.0
    if spin:
        # A needle turns in the plane of its dial, before the wall does.
        made.rotation_euler = (0, -math.radians(spin), math.radians(part.turn))
    else:
        made.rotation_euler = (math.radians(part.tilt), 0, math.radians(part.turn))
    made.data.materials.append(materials[part.material])


def _shell(room: Room, materials: dict[str, object]) -> None:
    width, depth, height = room.size
    walls = [
        ((0, depth / 2 + 0.05, height / 2), (width + 0.2, 0.1, height)),
        ((0, -depth / 2 - 0.05, height / 2), (width + 0.2, 0.1, height)),
        ((width / 2 + 0.05, 0, height / 2), (0.1, depth, height)),
        ((-width / 2 - 0.05, 0, height / 2), (0.1, depth, height)),
    ]
    for at, size in walls:
        add_part(Part("box", at, size, "wall", round=0), materials)
    add_part(Part("box", (0, 0, -0.05), (width, depth, 0.1), "floor", round=0), materials)
    if room.clean_from is not None:
        far = depth / 2 - room.clean_from
        add_part(
            Part("box", (0, room.clean_from + far / 2, 0.001), (width, far, 0.004), "floor-clean", round=0), materials
        )
    add_part(Part("box", (0, 0, height + 0.05), (width, depth, 0.1), "ceiling", round=0), materials)
    for y in (depth / 2, -depth / 2):
        add_part(Part("cylinder", (0, y, 0), (0.12, 0.12, width), "grey", turn=90, tilt=90), materials)
    for x in (width / 2, -width / 2):
        add_part(Part("cylinder", (x, 0, 0), (0.12, 0.12, depth), "grey", tilt=90), materials)
    for x, y, wide, deep in room.lamps:
        add_part(Part("box", (x, y, height - 0.005), (wide + 0.08, deep + 0.08, 0.02), "frame"), materials)
        add_part(Part("box", (x, y, height - 0.012), (wide, deep, 0.02), "lamp", round=0), materials)


def build(room: Room, twin: bool) -> None:
    """Put a room together in Blender's scene.

    Args:
        room: Which.
        twin: Whether it is the faulty one.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    materials = make_materials()
    _shell(room, materials)
    for thing in room.things:
        for part in thing.twin if twin and thing.twin is not None else thing.parts:
            add_part(part, materials)
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.02, 0.02, 0.02, 1)


def render(room: Room, width: int, samples: int, to: Path) -> None:
    """Take the panorama."""
    scene = bpy.context.scene
    camera = bpy.data.cameras.new("eye")
    camera.type, camera.panorama_type = "PANO", "EQUIRECTANGULAR"
    held = bpy.data.objects.new("eye", camera)
    held.location, held.rotation_euler = room.eye, (math.pi / 2, 0, 0)
    scene.collection.objects.link(held)
    scene.camera = held
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples, scene.cycles.use_denoising = "CPU", samples, True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.max_bounces, scene.cycles.transparent_max_bounces = 6, 12
    scene.cycles.seed = 1
    scene.render.resolution_x, scene.render.resolution_y = width, width // 2
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.95
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = str(to)
    bpy.ops.render.render(write_still=True)


def poster(whole: Image.Image, width: int = 960, height: int = 540, across: float = 90.0) -> Image.Image:
    """What one sees straight ahead, as a flat picture."""
    reach = math.tan(math.radians(across / 2))
    pixels = whole.load()
    flat = Image.new("RGB", (width, height))
    into = flat.load()
    for row in range(height):
        v = -(row - height / 2) / (width / 2) * reach
        for column in range(width):
            u = (column - width / 2) / (width / 2) * reach
            yaw, pitch = math.atan2(u, 1), math.atan2(v, math.hypot(u, 1))
            x = (yaw / (2 * math.pi) + 0.5) * whole.width
            y = (0.5 - pitch / math.pi) * whole.height
            into[column, row] = pixels[int(x) % whole.width, min(whole.height - 1, int(y))]
    return flat


def main() -> None:
    """Render one room and note what it was made of."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=sorted(ROOMS))
    parser.add_argument("--twin", action="store_true", help="the faulty one")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--samples", type=int, default=16)
    args = parser.parse_args()
    room = ROOMS[args.room]
    build(room, args.twin)
    args.to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "room.png"
        render(room, args.width, args.samples, raw)
        with Image.open(raw) as picture:
            whole = picture.convert("RGB")
    small = args.to.with_name(f"{args.to.stem}-2048{args.to.suffix}")
    front = args.to.with_name(f"{args.to.stem}-poster{args.to.suffix}")
    whole.save(args.to, quality=72, method=6)
    whole.resize((2048, 1024), Image.Resampling.LANCZOS).save(small, quality=70, method=6)
    poster(whole).save(front, quality=70, method=6)
    note(room, args.twin, [args.to, small, front])


if __name__ == "__main__":
    main()
