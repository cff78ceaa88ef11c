"""What a drawing may hold: what drawing programs write is taken, and whatever does something is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.reading.svg import look_at_svg

ROOT = Path(__file__).parent.parent.parent
HTML = 'xmlns:h="http://www.w3.org/1999/xhtml"'
START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'

DRAWINGS = {
    "Inkscape": """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape -->
<svg width="210mm" height="297mm" viewBox="0 0 210 297" version="1.1" id="svg5" inkscape:version="1.2"
 sodipodi:docname="plan.svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
 xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns="http://www.w3.org/2000/svg"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
 <sodipodi:namedview id="n" pagecolor="#fff" inkscape:zoom="0.7" />
 <metadata><rdf:RDF><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format></cc:Work></rdf:RDF></metadata>
 <defs id="d"><linearGradient id="g"><stop offset="0" style="stop-color:#000"/></linearGradient></defs>
 <g inkscape:label="Layer 1" inkscape:groupmode="layer"><path style="fill:url(#g);stroke:none" d="M 0,0 H 9" /></g>
</svg>""",
    "Illustrator": """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" x="0px" y="0px"
 style="enable-background:new 0 0 9 9;" xml:space="preserve">
<style type="text/css">.st0{fill:#FFF;clip-path:url("#a");} /* done */</style>
<use xlink:href="#a" style="overflow:visible;"/><switch><g id="a"><rect class="st0"/></g></switch></svg>""",
    "pixels and a font inside": f"""{START}
<style>@font-face{{font-family:a;src:url(data:font/woff2;base64,d09G)}}</style>
<image xlink:href="data:image/png;base64,iVBOR" width="9" height="9"/></svg>""",
    "words": f'{START}<title>On javascript: and @import</title><text aria-label="@import">url(x)</text></svg>',
}

ACTIVE = {
    "a script": f"{START}<script>alert(1)</script></svg>",
    "a script of HTML": f"{START}<h:script {HTML}>alert(1)</h:script></svg>",
    "a refresh of HTML": f'{START}<h:meta {HTML} http-equiv="refresh" content="0"/></svg>',
    "HTML among a program's notes": (f"{START}<metadata><h:script {HTML}>alert(1)</h:script></metadata></svg>"),
    "a root of HTML": '<html xmlns="http://www.w3.org/1999/xhtml"><form action="javascript:alert(1)"/></html>',
    "no namespace": "<svg><rect/></svg>",
    "a handler": f'{START}<rect onload="alert(1)"/></svg>',
    "a handler in capitals": f'{START}<rect ONCLICK="alert(1)"/></svg>',
    "a link": f'{START}<a href="https://example.org"><rect/></a></svg>',
    "a link of its own kind": f'{START}<use xlink:href="https://example.org/x.svg#a"/></svg>',
    "a script in a reference": f'{START}<use href="javascript:alert(1)"/></svg>',
    "a page in a reference": f'{START}<image href="data:text/html;base64,PHNjcmlwdD4="/></svg>',
    "a drawing in a reference": f'{START}<image href="data:image/svg+xml;base64,PHN2Zz4="/></svg>',
    "an animation": f'{START}<animate attributeName="href" to="javascript:alert(1)"/></svg>',
    "a moving link": f'{START}<animateTransform attributeName="href" to="javascript:alert(1)"/></svg>',
    "a setting": f'{START}<set attributeName="onload" to="alert(1)"/></svg>',
    "HTML": f"{START}<foreignObject><body/></foreignObject></svg>",
    "a style sheet's address": f'<?xml-stylesheet href="https://example.org/x.css"?>{START}</svg>',
    "a transformation": f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#x"?>{START}</svg>',
    "an import": f"{START}<style>@import 'https://example.org/x.css';</style></svg>",
    "a hidden import": f"{START}<style>@im/**/port 'https://example.org/x.css';</style></svg>",
    "an escaped import": f"{START}<style>@\\69mport 'https://example.org/x.css';</style></svg>",
    "an address in a style": f'{START}<rect style="fill:url(https://example.org/x)"/></svg>',
    "an address in quotes": f"{START}<rect fill=\"url('https://example.org/x')\"/></svg>",
    "an address in a filter": f'{START}<rect filter="URL( //example.org/x#f)"/></svg>',
    "a picture of a filter": f'{START}<filter><feImage href="https://example.org/x.png"/></filter></svg>',
    "an attribute nobody knows": f'{START}<rect ping="https://example.org"/></svg>',
    "a base": '<svg xmlns="http://www.w3.org/2000/svg" xml:base="https://example.org/"><use href="#a"/></svg>',
    "a namespace by another name": f'{START.replace("xmlns:xlink", "xmlns:l")}<use l:href="https://example.org"/></svg>',
    "an old name of the namespace": '<svg xmlns="http://www.w3.org/2000/svg/"><script/></svg>',
}

UNREADABLE = {
    "entities": f'<!DOCTYPE svg [<!ENTITY a "b">]>{START}&a;</svg>'.encode(),
    "a document type": f'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">{START}</svg>'.encode(),
    "UTF-16": f"{START}</svg>".encode("utf-16"),
    "half": START.encode(),
    "nothing": b"",
    "a web page": b"<!doctype html><script>alert(1)</script>",
    "an entity that nobody named": f"{START}&nbsp;</svg>".encode(),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_what_drawing_programs_write_is_taken(name: str) -> None:
    assert look_at_svg(DRAWINGS[name].encode()) == []


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "content").rglob("*.svg")) + sorted((ROOT / "themes").rglob("*.svg")),
    ids=lambda path: path.name,
)
def test_our_own_are_taken(path: Path) -> None:
    if "node_modules" not in path.parts:
        assert look_at_svg(path.read_bytes()) == []


@pytest.mark.parametrize("name", ACTIVE)
def test_what_does_something_is_named(name: str) -> None:
    found = look_at_svg(ACTIVE[name].encode())
    assert {one.code for one in found} == {"svg-active"}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_plain_xml_is_named(name: str) -> None:
    (found,) = look_at_svg(UNREADABLE[name])
    assert found.code == "svg-unreadable"


def test_the_line_is_that_of_the_element() -> None:
    text = f"<?xml version='1.0'\n?>{START}\n<rect/>\n<script/></svg>"
    assert [(one.line, one.found) for one in look_at_svg(text.encode())] == [(4, "<script> in an image")]
