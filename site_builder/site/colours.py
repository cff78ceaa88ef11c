"""A centre's own colour, made readable on light and on dark (WCAG 2.2, 1.4.3: 4.5 to 1)."""

from __future__ import annotations

import colorsys

CONTRAST = 4.5
LIGHT = ("#f4f8f7", "#e3f2ef")
DARK = ("#0c1817", "#17332f")
"""Grounds on which links and buttons stand, as `tokens.css` has them."""


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0..1 (WCAG 2.2, definition)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, grounds: tuple[str, ...], *, darker: bool) -> str:
    """The colour, made darker or lighter until it can be read on every ground."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    for step in range(101):
        now = light * (1 - step / 100) if darker else light + (1 - light) * step / 100
        found = "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, now, strength))
        if all(contrast(found, ground) >= CONTRAST for ground in grounds):
            return found
    return "#000000" if darker else "#ffffff"


def style_sheet(colour: str) -> str:
    """The style sheet of a site with a colour of its own."""
    light = readable(colour, (*LIGHT, "#ffffff"), darker=True)
    deep = _mixed(light, "#000000")
    dark = readable(colour, DARK, darker=False)
    bright = _mixed(dark, "#ffffff")
    on_light = f"--air-accent: {light}; --air-accent-deep: {deep}; --air-on-accent: #ffffff;"
    on_dark = f"--air-accent: {dark}; --air-accent-deep: {bright}; --air-on-accent: #06110f;"
    return (
        f":root {{ {on_light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {on_dark} }} }}\n"
        f":root[data-theme=dark] {{ {on_dark} }}\n"
    )


def _mixed(colour: str, other: str) -> str:
    """A colour with a quarter of another one in it."""
    parts = [(int(colour[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(0.75 * one + 0.25 * two):02x}" for one, two in parts)
