"""What a drawing (SVG) may hold. It is served from our own address: whatever it does, it does as one of our pages.

A list of what is allowed, not of what is dangerous: elements and attributes of SVG 2 that draw, and what the usual
drawing programs write for themselves.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
XMLNS = "http://www.w3.org/2000/xmlns/"
NOTES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/sketch/",
    "http://schemas.microsoft.com/visio/",
    "http://www.serif.com/",
)
"""Namespaces in which drawing programs keep notes for themselves; no browser does anything with them."""

_ELEMENTS = """
svg g defs symbol use title desc metadata switch path rect circle ellipse line polyline polygon text tspan textPath
image style linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix
feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
feSpecularLighting feSpotLight feTile feTurbulence
"""
ELEMENTS = frozenset(_ELEMENTS.split())
_ATTRIBUTES = """
id class style lang role tabindex focusable version baseProfile viewBox preserveAspectRatio width height x y x1 y1 x2
y2 cx cy r rx ry fx fy fr d points dx dy rotate textLength lengthAdjust startOffset side method spacing pathLength
href transform gradientTransform gradientUnits spreadMethod offset patternUnits patternContentUnits patternTransform
clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight refX refY orient filterUnits
primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4
order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant specularConstant
specularExponent kernelUnitLength scale xChannelSelector yChannelSelector azimuth elevation stdDeviation radius z
pointsAtX pointsAtY pointsAtZ limitingConeAngle baseFrequency numOctaves seed stitchTiles media systemLanguage
requiredFeatures requiredExtensions enable-background xml:space alignment-baseline baseline-shift clip clip-path
clip-rule color color-interpolation color-interpolation-filters color-rendering cursor direction display
dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font font-family font-feature-settings
font-kerning font-size font-size-adjust font-stretch font-style font-variant font-variant-caps font-variant-ligatures
font-variant-numeric font-weight glyph-orientation-horizontal glyph-orientation-vertical image-rendering inline-size
isolation kerning letter-spacing lighting-color line-height marker marker-end marker-mid marker-start mask mask-type
mix-blend-mode opacity overflow paint-order pointer-events shape-rendering solid-color solid-opacity stop-color
stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
stroke-width text-align text-anchor text-decoration text-overflow text-rendering transform-box transform-origin
unicode-bidi vector-effect visibility white-space word-spacing writing-mode
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
OPEN = ("aria-", "data-")
"""Beginnings of attributes for assistive programs and for scripts, of which there are none."""
WORDS = frozenset({"id", "class", "lang", "role", "systemLanguage"})
"""Attributes whose values are read as words, and never as style."""
INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|webp|gif);base64,)")
"""What a reference may lead to: another part of the drawing, or pixels within it."""
FONT = re.compile(r"\s*data:(?:font/|application/(?:x-)?font-)[\w.+-]*;base64,")
REFERENCE = re.compile(r"url\s*\(\s*[\"']?(?P<to>[^)]*)", re.IGNORECASE)
CSS_ACTIVE = re.compile(r"@import|@namespace|expression\s*\(|-moz-binding|behavior\s*:|javascript:", re.I)
CSS_ESCAPE = re.compile(r"\\|/\*")


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a file is no picture.

    Attributes:
        line: Where, from 1.
        code: It is no plain XML in UTF-8, or it does more than show.
        found: In words.
    """

    line: int
    code: Literal["svg-unreadable", "svg-active"]
    found: str


def look_at_svg(raw: bytes) -> list[Finding]:
    """What a file holds beside a drawing."""
    reader = _Reader()
    try:
        with contextlib.suppress(_Stop):
            reader.read(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        reader.unreadable(1, "a file that is not UTF-8")
    except expat.ExpatError as error:
        reader.unreadable(error.lineno, expat.errors.messages[error.code])
    return reader.found


class _Stop(Exception):
    """The rest need not be read."""


class _Reader:
    """Goes through a drawing once, element by element."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.path: list[str] = []
        self.style = ""
        self.style_line = 1

    def read(self, text: str) -> None:
        # Without its own declaration of an encoding: the text is read as what it was found to be.
        self.parser.Parse(re.sub(r"\A<\?xml\s[^>]*\?>", lambda found: "\n" * found[0].count("\n"), text), True)

    def active(self, line: int, found: str) -> None:
        self.found.append(Finding(line, code="svg-active", found=f"{found} in an image"))

    def unreadable(self, line: int, why: str) -> None:
        self.found.append(Finding(line, code="svg-unreadable", found=f"an SVG that is no plain XML: {why}"))

    def doctype(self, *_: object) -> None:
        # Before an entity is expanded.
        self.unreadable(self.parser.CurrentLineNumber, "a document type or entities")
        raise _Stop

    def instruction(self, target: str, data: str) -> None:
        self.active(self.parser.CurrentLineNumber, f"<?{target}>")

    def start(self, name: str, attributes: list[str]) -> None:
        line = self.parser.CurrentLineNumber
        namespace, _, local = name.rpartition(" ")
        if not self.path and (namespace, local) != (SVG, "svg"):
            self.active(line, f"<{local}> instead of <svg>" if local != "svg" else "<svg> without its namespace")
            raise _Stop
        noted = namespace.startswith(NOTES)
        self.path.append("" if noted else local)
        if noted:
            return
        if namespace != SVG or local not in ELEMENTS:
            self.active(line, f"<{local}>")
            return
        if local == "style":
            self.style, self.style_line = "", line
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            self.attribute(line, local, key, value)

    def attribute(self, line: int, element: str, key: str, value: str) -> None:
        namespace, _, local = key.rpartition(" ")
        if namespace.startswith(NOTES) or (namespace == XML and local in ("space", "lang", "id")):
            return
        told = f"{local} on <{element}>"
        if namespace == XLINK:
            if local == "href" and not INSIDE.match(value):
                self.active(line, told)
            return
        if namespace or not (local in ATTRIBUTES or local.startswith(OPEN)):
            self.active(line, told)
        elif local in WORDS or local.startswith(OPEN):
            return
        elif (local == "href" and not INSIDE.match(value)) or not harmless_css(value, whole=local == "style"):
            self.active(line, told)

    def characters(self, text: str) -> None:
        if self.path and self.path[-1] == "style":
            self.style += text

    def end(self, name: str) -> None:
        if self.path.pop() == "style" and not harmless_css(self.style, whole=True):
            self.active(self.style_line, "<style> with an address or an import")


def harmless_css(text: str, *, whole: bool) -> bool:
    """Whether style rules, or a value of one, lead nowhere.

    Args:
        text: Of a `style` element, of a `style` attribute, or of an attribute that takes a value of CSS.
        whole: It is CSS altogether: what hides words from a reader of patterns is refused in it.
    """
    if whole and CSS_ESCAPE.search(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        return False
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL) if whole else text
    return not CSS_ACTIVE.search(bare) and all(
        INSIDE.match(found["to"]) or FONT.match(found["to"]) for found in REFERENCE.finditer(bare)
    )
