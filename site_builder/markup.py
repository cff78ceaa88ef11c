"""What HTML may be shown: two allow-lists, one way through two sanitisers, and what they took out.

Authors write pages; people type messages and questions. bleach cleans first; nh3, which is maintained, has the last
word with the same list (DESIGN, dependencies). The API cleans with the same functions as the builder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import bleach
    import nh3

TEXT_TAGS = frozenset(
    [
        "a",
        "abbr",
        "air-tabs",
        "article",
        "aside",
        "audio",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "track",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
"""What an author may write, and what Markdown makes of it."""

_MATHML = (
    "math mrow mi mn mo mtext ms mspace mfrac msqrt mroot msub msup msubsup mover munder munderover "
    "mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts"
)
MATHML = frozenset(_MATHML.split())
"""Formulas, as the builder makes them."""

_MATHML_ATTRIBUTES = (
    "display alttext mathvariant stretchy fence form separator lspace rspace minsize maxsize width height "
    "depth linethickness accent accentunder columnalign rowalign columnspacing rowspacing columnlines "
    "rowlines notation displaystyle scriptlevel movablelimits largeop symmetric"
)
MATHML_ATTRIBUTES = frozenset(_MATHML_ATTRIBUTES.split())

ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset(
        {
            "class",
            "id",
            "lang",
            "dir",
            "title",
            "role",
            "hidden",
            "aria-label",
            "aria-hidden",
            "aria-labelledby",
            "aria-describedby",
        }
    ),
    "a": frozenset({"href", "rel", "target", "download"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"src", "controls", "preload"}),
    "col": frozenset({"span"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "alt", "width", "height", "loading"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "source": frozenset({"src", "type", "media"}),
    "td": frozenset({"align", "colspan", "rowspan", "headers"}),
    "th": frozenset({"align", "colspan", "rowspan", "scope", "headers"}),
    "time": frozenset({"datetime"}),
    "track": frozenset({"src", "kind", "srclang", "label", "default"}),
    "video": frozenset({"src", "controls", "poster", "preload", "width", "height", "muted"}),
}


@dataclass(frozen=True, eq=False)
class AllowList:
    """What may stand in HTML of one origin.

    Attributes:
        tags: Names of elements.
        attributes: By element; "*" is every element.
        schemes: Of addresses.
        data: Whether attributes that begin with `data-` may stand anywhere.
        relative: Whether an address may be relative.
        link_rel: What every link gets as `rel`; None leaves it as it is.
    """

    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    schemes: frozenset[str] = field(default_factory=lambda: frozenset({"http", "https", "mailto"}))
    data: bool = False
    relative: bool = False
    link_rel: str | None = None

    def allows(self, tag: str, name: str, value: str) -> bool:
        """Whether an attribute may stand on an element."""
        if self.data and name.startswith("data-"):
            return True
        return name in self.attributes.get("*", ()) or name in self.attributes.get(tag, ())

    def keep(self, tag: str, name: str, value: str) -> str | None:
        """The value of an attribute; None for an address that depends on the page, where that may not be."""
        if self.relative or name not in ADDRESSES:
            return value
        return value if value.casefold().startswith(tuple(f"{scheme}:" for scheme in self.schemes)) else None


ADDRESSES = frozenset({"href", "src", "poster"})

AUTHORS = AllowList(
    TEXT_TAGS | MATHML,
    {**ATTRIBUTES, **dict.fromkeys(MATHML, MATHML_ATTRIBUTES)},
    schemes=frozenset({"http", "https", "mailto", "tel"}),
    data=True,
    relative=True,
)
"""Pages and quizzes."""

PEOPLE = AllowList(
    frozenset(
        ["a", "blockquote", "br", "code", "del", "em", "li", "ol", "p", "pre", "strong", "sub", "sup", "u", "ul"]
    ),
    {"a": frozenset({"href"})},
    link_rel="nofollow noopener noreferrer",
)
"""What is typed into the product. No images and no relative addresses: nothing is fetched, and nothing depends on the
page that it is shown on."""


# Both are loaded when there is something to clean: what was read before was cleaned before.


@cache
def _cleaner(allowed: AllowList) -> bleach.Cleaner:
    import bleach

    return bleach.Cleaner(
        tags=allowed.tags, attributes=allowed.allows, protocols=allowed.schemes, strip=True, strip_comments=True
    )


@cache
def _last_word(allowed: AllowList) -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(allowed.tags),
        attributes={tag: set(names) for tag, names in allowed.attributes.items()},
        generic_attribute_prefixes={"data-"} if allowed.data else None,
        url_schemes=set(allowed.schemes),
        attribute_filter=None if allowed.relative else allowed.keep,
        link_rel=allowed.link_rel,
        strip_comments=True,
    )


def clean(html: str, allowed: AllowList) -> str:
    """HTML with everything removed that the allow-list does not name. Idempotent."""
    return _last_word(allowed).clean(_cleaner(allowed).clean(html))


def sanitise(html: str) -> str:
    """`clean` for what an author wrote."""
    return sanitise_and_tell(html)[0]


def sanitise_and_tell(html: str) -> tuple[str, tuple[Removed, ...]]:
    """`clean` for what an author wrote, and what it took out.

    Where everything is on the list already, bleach has nothing to decide, and only the last word is spoken.
    """
    if "<" not in html and "&" not in html:
        return html, ()
    if _is_on_the_list(html):
        after = _last_word(AUTHORS).clean(html)
        if not _names(html) - _names(after):
            return after, ()
    after = clean(html, AUTHORS)
    return after, removed_between(html, after)


SOUND_TAG = re.compile(r"""</?[a-z][a-z0-9-]*(?:\s+[a-z][a-z0-9-]*(?:="[^"<>]*")?)*\s*/?>""")
ATTRIBUTE = re.compile(r"""\s([a-z][a-z0-9-]*)(?:="([^"]*)")?""")
SOUND_ADDRESS = re.compile(r"(?:https?:|mailto:|tel:|[^:&]*$|[^:&/?#]*[/?#][^&]*$)")


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SWITCHES = frozenset({"controls", "default", "download", "hidden", "muted", "open", "reversed"})
"""Attributes whose value says nothing: bleach writes them shorter."""


def _is_on_the_list(html: str) -> bool:
    """Whether every `<` begins a tag that the list for authors names, with all its attributes."""
    tags = SOUND_TAG.findall(html)
    return len(tags) == html.count("<") and not CONTROL.search(html) and all(map(_is_sound, tags))


def _names(html: str) -> Counter[str]:
    """How often each element and each attribute is there, in HTML whose tags are sound."""
    return Counter(name for tag in SOUND_TAG.findall(html) for name in _names_in(tag))


@lru_cache(maxsize=20_000)
def _names_in(tag: str) -> tuple[str, ...]:
    found = tuple(f"{name}=" for name, _ in ATTRIBUTE.findall(tag))
    return found if tag.startswith("</") else (tag.strip("<>/ ").partition(" ")[0], *found)


@lru_cache(maxsize=20_000)
def _is_sound(tag: str) -> bool:
    name = tag.strip("</> ").partition(" ")[0]
    if name not in AUTHORS.tags:
        return False
    found = ATTRIBUTE.findall(tag)
    names = [key for key, _ in found]
    return (
        len(set(names)) == len(names)
        and not SWITCHES.intersection(names)
        and all(
            AUTHORS.allows(name, key, value) and (key not in ADDRESSES or SOUND_ADDRESS.match(value) is not None)
            for key, value in found
        )
    )


_OTHER_TAGS = (
    "address applet area base body button canvas center data datalist dialog embed fieldset font footer form "
    "frame frameset head header hgroup html iframe input label legend link main map marquee menu meta meter "
    "nav noscript object optgroup option output param picture progress rp rt ruby script select slot style svg "
    "template textarea title tt"
)
HTML_TAGS = TEXT_TAGS | frozenset(_OTHER_TAGS.split())
"""Names of elements that exist; another name in angle brackets was meant as text."""


BLOCKS = frozenset(
    "p div ul ol li table tr h1 h2 h3 h4 h5 h6 blockquote pre details summary figure figcaption section br hr".split()  # noqa: SIM905
)
RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-−=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₙ")


class _Text(HTMLParser):
    """What HTML says, a line a block: 10⁶ where digits are raised, a formula as it was written."""

    def __init__(self, picture: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._picture = picture
        self._shift: dict[int, int] | None = None
        self._formula = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "img":
            self.parts.append(self._picture.format(dict(attrs).get("alt") or "?"))
        elif tag == "math":
            self._formula = True
            self.parts.append(dict(attrs).get("alttext") or "")
        elif tag in ("sup", "sub"):
            self._shift = RAISED if tag == "sup" else LOWERED

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("  ")
        elif tag == "math":
            self._formula = False
        elif tag in ("sup", "sub"):
            self._shift = None

    def handle_data(self, data: str) -> None:
        if self._formula:
            return
        if self._shift is not None and all(ord(sign) in self._shift for sign in data):
            data = data.translate(self._shift)
        self.parts.append(data)


def lines_of(html: str, *, picture: str = "{}") -> str:
    """HTML as lines of text.

    Args:
        html: Of an author.
        picture: What stands for a picture; `{}` is its alternative.
    """
    reader = _Text(picture)
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def text_of(html: str) -> str:
    """HTML as one line of text."""
    return " ".join(lines_of(html).split())


@dataclass(frozen=True, slots=True, order=True)
class Removed:
    """Something that the sanitiser took out.

    Attributes:
        tag: Of the element.
        attribute: That was taken off it; "" when the element itself is gone.
        value: Of the attribute, where that is an address.
    """

    tag: str
    attribute: str = ""
    value: str = ""

    @property
    def found(self) -> str:
        """For a problem: what was found."""
        return f"the attribute {self.attribute!r} on <{self.tag}>" if self.attribute else f"<{self.tag}>"

    @property
    def expected(self) -> str:
        """For a problem: what should be there."""
        if self.attribute.startswith("on"):
            return "no event handlers"
        if self.attribute in ADDRESSES:
            return "an address with http, https, mailto or tel, or a relative one"
        if self.attribute == "style":
            return "no inline styles: the page's policy forbids them"
        if self.attribute:
            return "an attribute that the docs list"
        if self.tag in ("iframe", "frame", "embed", "object"):
            return "a link to it instead"
        if self.tag not in HTML_TAGS:
            return "`backticks` around what is meant as text, as in `List<String>`"
        return "Markdown, or one of the HTML tags that the docs list"

    @property
    def needle(self) -> str:
        """What to look for in the source, lower case."""
        return self.value.lower() or self.attribute or f"<{self.tag}"


class _Inventory(HTMLParser):
    """Counts elements and their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[tuple[str, str, str]] = Counter()

    def set_cdata_mode(self, elem: str, *_: object, **__: object) -> None:
        """Tags inside <script> are counted too: after an unclosed one the rest would go unread."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count one element."""
        self.tags[tag] += 1
        if tag in AUTHORS.tags:
            named = dict(attrs)
            self.attributes.update((tag, name, (named[name] or "") if name in ADDRESSES else "") for name in named)


def _inventory(html: str) -> _Inventory:
    found = _Inventory()
    found.feed(html)
    found.close()
    return found


def removed_between(before: str, after: str) -> tuple[Removed, ...]:
    """What is in HTML before it was sanitised and not afterwards, once for each time."""
    if "<" not in before:
        return ()
    old, new = _inventory(before), _inventory(after)
    gone = [Removed(tag) for tag in (old.tags - new.tags).elements()]
    kept = Counter((tag, name) for tag, name, _ in new.attributes.elements())
    for tag, name, value in old.attributes.elements():
        # Counted by name: a sanitiser that keeps an address may write it in another way.
        if kept[tag, name]:
            kept[tag, name] -= 1
        elif name != "markdown":
            gone.append(Removed(tag, name, value))
    # An element that is gone took its attributes along; they are no finding of their own.
    lost = Counter(item.tag for item in gone if not item.attribute)
    return tuple(sorted(item for item in gone if not item.attribute or not lost[item.tag]))
