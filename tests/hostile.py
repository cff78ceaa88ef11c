"""Hostile pages: the known killers of Markdown parsers, and pages made up of all that may stand in one.

Each page is strewn with canaries: words of letters alone, which no Markdown changes, in the places where an author
expects a reader to see them. A page that neither shows a canary nor says that it does not has lost it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as endless

from site_builder.course.manifest import dump_quiz
from site_builder.reading.compiled import Body
from site_builder.reading.rendered import render_page

CANARY = re.compile(r"canary[a-z]{8}")
NOT_SHOWN = re.compile(r"<!--.*?-->|^[ >*+-]*(?:`{3,}|~{3,})[^\n]*$", re.DOTALL | re.MULTILINE)
"""What is not for readers: comments, and the names of languages behind the signs of a fence."""

LANG = "en"
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class HostilePage:
    """The body of a page.

    Attributes:
        name: Of its file.
        source: Markdown.
        canaries: The words that must not be lost.
    """

    name: str
    source: str
    canaries: tuple[str, ...]


def pages(count: int, seed: int) -> Iterator[HostilePage]:
    """The known killers, then made-up pages until there are enough.

    Args:
        count: How many pages.
        seed: Of the made-up pages; the same seed makes the same pages.
    """
    names = list(KILLERS)
    for number in range(count):
        if number < len(names):
            yield page(f"killer-{names[number]}.md", f"¤ before.\n\n{KILLERS[names[number]]()}\n\n¤ after.\n", number)
        else:
            chance = random.Random(f"{seed} {number}")
            yield page(f"made-{number:05}.md", make_up(chance), number)


def page(name: str, template: str, number: int) -> HostilePage:
    """A page from a template; the numbers of pages make their canaries differ."""
    numbers = endless()
    source = re.sub("¤", lambda _: f"canary{letters(number, 4)}{letters(next(numbers), 4)}", template)
    found = CANARY.findall(NOT_SHOWN.sub("", source))
    return HostilePage(name, source, tuple(dict.fromkeys(found)))


def lost_words(page: HostilePage, body: Body) -> list[str]:
    """The canaries that neither the page nor what the API hands out has. Only for a page that was read in good time."""
    quizzes = json.dumps([dump_quiz(parsed.quiz) for parsed in body.quizzes])
    there = set(CANARY.findall(render_page(page.source, LANG).html + quizzes))
    return [word for word in page.canaries if word not in there]


def letters(number: int, width: int) -> str:
    """A number in letters, so that it is one word with what stands before it."""
    out = ""
    for _ in range(width):
        number, rest = divmod(number, 26)
        out = chr(ord("a") + rest) + out
    return out


def quiz(inner: str, attributes: str = 'id="made"') -> str:
    """A quiz of its own."""
    return f"<quiz {attributes}>\n\n{inner}\n\n</quiz>"


QUESTION = "### ¤? {#made}\n\n- [x] ¤\n  > ¤\n- [ ] ¤\n\n¤."

KILLERS: dict[str, Callable[[], str]] = {
    # Each of these keeps, or kept, some Markdown parser busy for longer than anybody waits.
    "brackets-open": lambda: "[" * 16_000,
    "brackets-both": lambda: "[" * 1_000 + "¤" + "]" * 1_000,
    "brackets-link": lambda: "[a](" * 2_000,
    "brackets-empty": lambda: "[]()" * 4_000,
    "tags-open": lambda: "<a " * 16_000,
    "tags-attribute": lambda: "<p a=" * 4_000,
    "tags-quote": lambda: '<a href="' * 2_000,
    "images-open": lambda: "![" * 20_000,
    "images-nested": lambda: "![" * 300 + "¤" + "](a.svg)" * 300,
    "lists-nested": lambda: "\n".join(f"{'    ' * depth}- ¤" for depth in range(300)),
    "lists-nested-by-two": lambda: "\n".join(f"{'  ' * depth}- ¤" for depth in range(300)),
    "lists-one-line": lambda: "- " * 5_000 + "¤",
    "lists-numbered": lambda: "\n".join(f"{'    ' * depth}1. ¤" for depth in range(90)),
    "quotes-nested": lambda: ">" * 5_000 + " ¤",
    "quotes-spaced": lambda: "> " * 500 + "¤",
    "stars": lambda: "*" * 30_000,
    "stars-words": lambda: "*a **b " * 5_000,
    "underscores": lambda: "_" * 30_000,
    "underscores-words": lambda: "_a __b " * 3_000,
    "emphasis-nested": lambda: "*a " * 2_000 + "¤" + "*" * 2_000,
    "emphasis-crossed": lambda: "*__" * 2_000 + "¤" + "__*" * 2_000,
    "backticks": lambda: " ".join("`" * width for width in range(1, 200)),
    "backticks-alone": lambda: "`a" * 10_001,
    "backslashes": lambda: "\\" * 20_000,
    "ampersands": lambda: "&" * 20_000,
    "entities-open": lambda: "&#x" * 20_000,
    "angles": lambda: "<" * 20_000,
    "angles-both": lambda: "<>" * 10_000,
    "comments-open": lambda: "<!--" * 2_000,
    "comment-unclosed": lambda: "<!-- Never closed",
    "comment-odd": lambda: "<!-->\n\n¤\n\n<!--->\n\n¤\n\n<!-- a -- b --!>\n\n¤",
    "declarations-open": lambda: "<!" * 10_000,
    "instructions-open": lambda: "<?" * 10_000,
    "cdata-unclosed": lambda: "<![CDATA[ ¤",
    "divs-markdown": lambda: "<div markdown>\n\n¤\n\n" * 3,
    "divs-markdown-deep": lambda: "<div markdown>\n\n" * 200 + "¤\n\n" + "</div>\n\n" * 200,
    "divs": lambda: "<div>" * 2_000 + "¤",
    "divs-closed": lambda: "</div>" * 5_000,
    "bolds": lambda: "<b>" * 5_000 + "¤",
    "heading-spaces": lambda: "# ¤" + " " * 100_000,
    "heading-hashes": lambda: "# ¤ " + "# " * 20_000,
    "spaces": lambda: " " * 100_000 + "¤",
    "spaces-inside": lambda: "¤" + " " * 100_000 + "¤",
    "tabs": lambda: "\t" * 20_000 + "¤",
    "blank-lines": lambda: "\n" * 100_000,
    "hard-breaks": lambda: "¤  \n" * 2_000,
    "colons": lambda: "¤\n" + ": ¤\n" * 500,
    "definitions-nested": lambda: "\n".join(f"{'    ' * depth}¤\n{'    ' * depth}:   ¤\n" for depth in range(60)),
    "boxes-nested": lambda: "\n".join(f'{"    " * depth}!!! note "¤"\n' for depth in range(100)),
    "folds-nested": lambda: "\n".join(f'{"    " * depth}??? tip "¤"\n' for depth in range(100)),
    "braces": lambda: "¤ {: " * 5_000,
    "attributes-long": lambda: "¤\n{: " + ".a" * 20_000 + " }",
    "footnotes": lambda: "".join(f"¤[^{n}]\n" for n in range(300)) + "\n" + "".join(f"[^{n}]: ¤\n" for n in range(300)),
    "footnotes-circle": lambda: "¤[^a]\n\n[^a]: ¤[^b]\n\n[^b]: ¤[^a]\n",
    "abbreviations": lambda: "".join(f"*[a{n}]: b\n" for n in range(500)) + "\n" + "a1 a2 ¤ " * 300,
    "references": lambda: "".join(f"[a{n}]: https://example.org/b\n" for n in range(3_000)),
    "table-wide": lambda: "\n".join(("|" + "¤|" * 1_000, "|" + "-|" * 1_000, "|" + "¤|" * 1_000)),
    "table-long": lambda: "| ¤ | ¤ |\n|---|---|\n" + "| ¤ | ¤ |\n" * 1_000,
    "table-pipes": lambda: "|" * 20_000 + "\n" + "|-" * 20_000,
    "table-rule": lambda: "a | b\n" + "-" * 50_000 + "|" + " " * 50_000,
    "fences": lambda: "```\n¤\n```\n" * 500,
    "fences-open": lambda: "~" * 20_000,
    "fences-lengths": lambda: "\n".join("`" * (width + 3) for width in range(200)),
    "rules": lambda: "- - -\n" * 1_000,
    "underlines": lambda: "¤\n===\n" * 500,
    "addresses": lambda: "<http://a" * 2_500,
    "line-long": lambda: "¤ " + "word " * 40_000 + "¤",
    "word-long": lambda: "a" * 300_000,
    "combining": lambda: "¤ a" + "\u0301" * 50_000,
    "right-to-left": lambda: "\u202e" * 5_000 + "¤",
    "quiz-options": lambda: quiz("### ¤?\n\n- [x] ¤\n" + "- [ ] ¤\n" * 4_999),
    "quiz-questions": lambda: quiz("".join(f"### ¤ {n}?\n\n- [x] ¤\n- [ ] ¤\n\n" for n in range(300))),
    "quiz-gaps": lambda: quiz("### ¤?\n\n" + "[[¤]] " * 2_000),
    "quiz-gaps-open": lambda: quiz("### ¤?\n\n" + "[[" * 10_000 + "¤"),
    "quiz-braces": lambda: quiz("### ¤ " + "{{" * 2_000 + " ?\n\n= {{ a }}\n\n¤."),
    "quiz-formula": lambda: quiz("### ¤ {{ a = 1..2 }}?\n\n= {{ " + "(" * 3_000 + "a" + ")" * 3_000 + " }}\n\n¤."),
    "quiz-power": lambda: quiz("### ¤ {{ a = 8..9 }}?\n\n= {{ a ^ a ^ a ^ a ^ a }}\n\n¤."),
    "quiz-number": lambda: quiz("### ¤?\n\n= 1e999999999\n\n¤."),
    "quiz-digits": lambda: quiz("### ¤?\n\n= " + "9" * 50_000 + "\n\n¤."),
    "quiz-heading-spaces": lambda: quiz("### ¤" + " " * 5_000 + "?\n\n- [x] ¤\n- [ ] ¤"),
    "quiz-brackets": lambda: quiz("### ¤?\n\n- [x] " + "[" * 1_000 + "\n- [ ] ¤"),
    "quiz-nested-lists": lambda: quiz(
        "### ¤?\n\n" + "\n".join(f"{'    ' * depth}* ¤" for depth in range(100)) + "\n\n- [x] ¤\n- [ ] ¤"
    ),
    "quiz-bolds": lambda: quiz("### ¤?\n\n- [x] " + "<b>" * 2_000 + "¤\n- [ ] ¤"),
    "quiz-attributes": lambda: quiz(QUESTION, 'id="a" ' + "a= " * 5_000),
    "quizzes": lambda: "\n\n".join(quiz(QUESTION, f'id="a{n}"') for n in range(300)),
    "quizzes-open": lambda: "<quiz>\n" * 3_000,
    "quizzes-nested": lambda: "<quiz>\n\n" * 20 + QUESTION + "\n\n</quiz>" * 20,
    "ten-megabytes": lambda: ("word " * 19 + "word\n") * (10 * MEGABYTE // 100),
    "ten-megabytes-line": lambda: "word " * (10 * MEGABYTE // 5),
}
"""Templates of the fixed pages, by name."""

TEXTS = (
    # Text
    "¤ ¤ ¤.",
    "¤ *¤* _¤_ **¤** __¤__ ***¤*** ¤*¤*¤ ¤_¤_¤",
    "*¤ **¤* ¤** _¤ *¤_ ¤*",
    "¤  \n¤\\\n¤<br>¤",
    "\\*¤\\* \\[¤\\] \\`¤\\` \\<¤\\> \\# ¤ \\\\¤",
    "`¤` ``¤ ` ¤`` `¤",
    "`<!--` ¤ `-->` ¤",
    "# ¤",
    "## ¤ {#made .made}",
    "### ¤ ###",
    "#¤\n####### ¤\n#\n# #",
    "¤\n===\n\n¤\n---",
    "* * *\n¤\n- - -\n___",
    "    ¤\n\n        ¤\n\n\t¤",
    "¤\n    ¤\n  ¤\n\t¤",
    # Links and pictures
    "[¤](https://example.org 'title') [¤](<a b.md>) [¤]( a.md \"b\" )",
    "[made]:\n    https://example.org\n    (¤)\n\n¤ [a][made]",
    "![¤](a.svg) ![¤][made] ![¤]\n\n[made]: a.svg",
    "[![¤](a.svg)](b.md) [¤ [¤](a.md) ¤](b.md) ![¤ ![¤](a.svg)](b.svg)",
    "[¤](a.md#b?c=d&e=f) [¤](a%20b.md) [¤](/a.md) [¤](../../../a.md) [¤](//example.org)",
    "[¤](a.md [¤](b.md [¤] ¤) ¤)",
    "<https://example.org/¤> <¤@example.org> https://example.org/¤",
    "[¤\n¤](a.md\n'b\nc')",
    # Lists
    "- ¤\n- ¤\n    - ¤\n        - ¤\n\n            ¤\n- ¤",
    "* ¤\n+ ¤\n- ¤\n1. ¤\n1) ¤\n9999999999. ¤",
    "1. ¤\n\n   ¤\n\n2. ¤\n   - ¤\n\n\n3. ¤",
    "- ¤\n¤\n  ¤\n      ¤\n-¤\n- \n- ¤",
    "- [ ] ¤\n- [x] ¤",
    "¤\n:   ¤\n\n    ¤\n\n:   ¤\n\n¤\n¤\n: ¤",
    # Quotes and boxes
    "> ¤\n> > ¤\n>\n> - ¤\n¤",
    "> ```\n> ¤\n> ```\n> ¤",
    '!!! note "¤"\n    ¤\n\n    - ¤\n\n¤',
    '!!! note ""\n    ¤\n!!! ¤\n    ¤\n!!!note\n    ¤',
    '??? tip "¤"\n    ¤\n???+ ¤\n    ¤\n\n    ??? a\n        ¤',
    # Tables
    "¤ | ¤\n--|--\n¤ | ¤ \\| ¤\n\n¤",
    "| ¤ |\n|---|\n| |\n||\n| ¤",
    "|---|---|\n| ¤ | ¤ |",
    # Notes and names
    "¤[^made]\n\n[^made]: ¤\n\n    ¤\n\n[^other]: ¤",
    "[^made]: ¤\n\n¤[^nowhere] [^]: ¤",
    "¤\n{: #made .made }\n\n¤ {: .a } ¤ { .b } ¤{.c}",
    # Code
    '```\n¤\n```\n\n~~~ python title="¤"\n¤\n~~~',
    "```` text\n```\n¤\n```\n````",
    "```{.python .made}\n¤\n```\n\n``` {made\n¤\n```",
    "``` html\n<div>¤</div> &amp; <!-- b --> <script>¤</script>\n```",
    "~~~\n¤\n```\n¤\n~~~",
    "   ```\n   ¤\n   ```\n    ```\n    ¤\n    ```",
    "```\n¤\n``` text\n```",
    "<code>¤ <b>¤</b></code> <pre>¤\n\n¤</pre>",
    # Entities
    "&amp;¤&lt;¤&nbsp;¤&#160;¤&#x41;¤&made;¤&¤;¤&#;¤&#x;",
    "&#0;¤&#x110000;¤&#xD800;¤&#99999999999;¤&#128;¤&copy¤",
    # Signs that parsers keep for themselves
    "wzxhzdk:0 klzzwxh:0 ¤ \x02amp\x03 zz1337820767766393qq ¤",
    "⟦1⟧ ¤ ⟦¤⟧",
    "{{ ¤ }} {% ¤ %} {# ¤ #} ${¤} %¤% $¤$ $$¤$$ :¤: ==¤== ^^¤^^ ~~¤~~ ~¤~ ^¤^ ++¤++",
    '[TOC]\n\n¤\n\n[[¤]] [[¤|¤]] ((¤)) --8<-- "¤"',
    "---\ntitle: ¤\n---\n\n¤",
    "+++\n¤\n+++\n\n...\n¤",
)
"""Pieces of Markdown."""

ELEMENTS = (
    "<div>¤</div>\n\n<p>¤\n\n<p>¤</p>\n\n¤",
    "<div>\n\n¤\n\n<section>¤\n\n¤",
    "¤</div></p></b>¤</section>",
    "<div markdown>\n\n¤\n\n- ¤\n\n</div>\n\n<span markdown>*¤*</span>",
    '<div markdown="1">\n¤\n<p markdown="block">¤\n</div>\n¤',
    "<div markdown>\n\n¤",
    "<div markdown>¤\n<div>\n*¤*\n</div>\n¤",
    "<details markdown><summary>¤</summary>\n\n¤\n\n</details>\n<details><summary>¤\n\n¤",
    "<ul><li>¤<li>¤</ul> <dl><dt>¤<dd>¤</dl> <li>¤",
    "<b>¤<i>¤</b>¤</i> <b>¤\n\n¤",
    '<p title="¤">¤</p> <abbr title=\'¤\'>¤</abbr> <img alt="¤" src="https://example.org/a.png">',
    '<p title="¤\n\n¤ >\n\n¤',
    "<p title='¤>¤\n\n<a href=\"¤>¤",
    '<video controls><source src="https://example.org/a.mp4">¤</video> <audio>¤</audio>',
    "<!-- a --> ¤ <!-- b -- c --> ¤ <!----> ¤ <!--> ¤ <!---> ¤",
    "<!-- a\n\nb -->\n\n¤",
    "¤ <!-- a\n\n¤",
    "<br/><hr>¤<wbr>¤<img>¤<br></br>¤",
    "<a href=\"#a\" class=b id='c' title = \"d\" / hidden>¤</a> <a title='>' >¤</a>",
    '<p hidden>¤</p> <div data-made="¤">¤</div>',
)
"""Pieces of HTML that a page may have, whole and torn."""

REPORTED = (
    # What loses text, or looks as if it did.
    "[¤][made] [¤][] [¤] [made]\n\n[made]: https://example.org 'title'\n[¤]: a.md",
    "[made]: https://example.org\n[made]: https://example.com\n\n[¤][made]",
    "[¤]: https://example.org\n\n¤",
    "- ```\n  ¤\n  ```\n- ¤",
    "| ¤ | ¤ |\n|---|:-:|\n| ¤ | `¤ | ¤` |\n| ¤ |\n| ¤ | ¤ | ¤ |\n¤",
    "¤[^made][^made]\n\n[^made]: ¤\n[^made]: ¤",
    "The HTML ¤\n\n*[HTML]: ¤\n*[CSS]: ¤",
    "¤\n{: ¤ }\n\n# ¤ {: ¤=¤ }\n\n*¤*{: title='¤' }",
    "```\n¤\n\n¤",
    "\x02¤\x03 \x02wzxhzdk:0\x03 \x02klzzwxh:0\x03 ¤ \x02airlock-quiz:0\x03 airlock-quiz:0 ¤",
    "<table><tr><td>¤<td>¤<tr><th>¤</table>¤ <table>¤<tr>¤<td>¤",
    "<![CDATA[ ¤ ]]> ¤ <!DOCTYPE html> ¤ <?php ¤ ?> ¤",
    "<div\n\n¤\n\n>¤</div>",
    # What the sanitiser takes something out of.
    "<script>¤</script> <style>¤</style> ¤",
    "<script>\n\n¤",
    "<textarea>¤ <title>¤</title> <xmp>¤ <plaintext>¤",
    '<iframe src="https://example.org">¤</iframe> <object>¤</object> <noscript>¤</noscript>',
    "<svg><text>¤</text></svg> <math><mi>¤</mi></math> <template>¤</template>",
    '<select><option>¤</select> <button>¤</button> <input value="¤"> <form>¤</form>',
    "<x-made>¤</x-made> <MADE>¤</MADE> <1>¤</1> <¤> </¤> < ¤ >",
    '<p onclick="a()" style="b">¤</p>',
    "[¤](javascript:alert(1)) [¤](java&#115;cript:alert(1)) [¤](data:text/html,a)",
    '[¤](a.md){: .b title="¤" }',
)
"""Pieces that are always reported."""

QUIZZES = (
    # Of every kind.
    quiz(QUESTION),
    quiz(QUESTION, 'id="made" practice'),
    quiz(f"¤.\n\n{QUESTION}\n\n### ¤? {{#two .critical}}\n\n¤\n\n- [x] ¤\n- [x] ¤\n\n  ¤\n  > ¤\n  > - ¤\n- [ ] ¤"),
    quiz("¤?\n\n- [x] ¤\n- [ ] ¤"),
    quiz("### ¤?\n\n= 12.5 ± 0.5 mL\n\n¤.\n\n### ¤?\n\n= 15..25 °C\n\n¤."),
    quiz('### ¤?\n\n= "¤" | "¤ ¤"\n\n¤.'),
    quiz("### ¤?\n\n1. ¤\n2. ¤\n2. ¤\n- [ ] ¤\n\n¤."),
    quiz("### ¤?\n\n- ¤ => ¤\n- ¤ => ¤\n- => ¤\n\n¤."),
    quiz("### ¤?\n\n¤ [[¤|¤]] ¤ [[(¤)|¤|¤]] ¤.\n\n¤."),
    quiz("### ¤?\n\n![¤](a.svg)\n\n- [ ] (5%, 10%, 40%, 80%) ¤\n  > ¤\n- [x] (80%, 10%, 15%, 20%) ¤\n\n¤."),
    quiz("### ¤ {{ a = 2..5 }}, {{ b = 1 | 2 }}?\n\n= {{ a * b }} mL\n\n¤ {{ a }}."),
    quiz(
        f"{QUESTION}\n\n### ¤?\n\n- [x] ¤\n- [ ] ¤", 'id="a" pass="90%" attempts="3" release="passed" draw="1" shuffle'
    ),
    quiz(
        "### ¤ `[[¤]]`?\n\n```\n- [x] ¤\n### ¤\n</quiz>\n```\n\n"
        "- [x] ¤\n\n  ```\n  ¤\n  ```\n- [ ] | ¤ |\n  |---|\n  | ¤ |"
    ),
)
"""Quizzes where they belong."""

WRONG_QUIZZES = (
    quiz(QUESTION, ""),
    quiz(QUESTION, 'id="MADE" pass=200 ¤'),
    quiz("¤"),
    quiz(""),
    quiz("### ¤?\n\n- [ ] ¤\n- [ ] ¤\n\n¤."),
    quiz("### ¤?\n\n- [x] ¤\n¤\n- [] ¤\n-[x] ¤\n - [y] ¤\n"),
    quiz("### ¤?\n\n- [x] ¤\n- [ ] ¤\n\n¤\n\n- [x] ¤\n- [ ] ¤"),
    quiz("- [x] ¤\n- [ ] ¤\n\n### ¤?\n\n- [x] ¤\n- [ ] ¤"),
    quiz("### ¤?\n\n- [x] <script>¤</script>\n- [ ] <b>¤\n  > <!-- ¤\n- [ ] [¤](a.md)\n\n![¤](a.svg)"),
    quiz("### ¤?\n\n- [x] ¤[^made]\n- [ ] ¤\n\n[^made]: ¤\n[¤]: a.md\n*[¤]: ¤"),
    quiz("### ¤?\n\n- [x] <div markdown>\n  ¤\n- [ ] ¤\n\n<div>\n\n¤"),
    quiz("### ¤?\n\n- ¤ => ¤ => ¤\n- ¤ =>\n- ¤\n  > ¤"),
    quiz('### ¤ [[¤ ]?\n\n[¤]([[¤]]) <b title="[[¤]]">¤</b> ⟦1⟧'),
    quiz("### ¤?\n\n= ¤ ± ¤ mL\n= 12 furlongs\n\n¤."),
)
"""Quizzes with mistakes."""

STRAY_QUIZZES = (
    "```\n" + quiz(QUESTION) + "\n```",
    "    " + quiz(QUESTION).replace("\n", "\n    "),
    "- ¤\n\n    " + quiz(QUESTION).replace("\n", "\n    "),
    "> " + quiz(QUESTION).replace("\n", "\n> "),
    '| ¤ | <quiz id="made"> ¤ |\n|---|---|\n| ¤ </quiz> | ¤ |',
    "<div>\n\n" + quiz(QUESTION) + "\n\n</div>",
    "<div markdown>\n\n" + quiz(QUESTION) + "\n\n</div>\n\n¤",
    "<!--\n\n" + quiz("### a?\n\n- [x] b\n- [ ] c") + "\n\n-->\n\n¤",
    "!!! note\n\n    " + quiz(QUESTION).replace("\n", "\n    "),
    quiz(f"¤\n\n{quiz(QUESTION)}\n\n¤"),
    '¤ <quiz id="made"> ¤ </quiz> ¤ `<quiz>` ¤ <quiz/> ¤',
    "<QUIZ ID=MADE>\n" + QUESTION + "\n</QUIZ >",
    '<quiz\nid="made">\n\n' + QUESTION + "\n\n</quiz>",
    '<quiz id="made">\n\n' + QUESTION,
    "¤\n\n</quiz>\n\n¤",
    "   <quiz>\n" + QUESTION + "\n   </quiz>\n¤",
    "<quiz>¤\n</quiz>¤\n<quizzes>¤</quizzes> <air-quiz>¤</air-quiz>",
    '¤\n<quiz id="made">\n' + QUESTION + "\n</quiz>\n¤",
)
"""Quizzes where they do not belong, and what only looks like one."""

PALETTES: tuple[tuple[str, ...], ...] = (
    TEXTS,
    TEXTS,
    (*TEXTS, *ELEMENTS),
    (*TEXTS, *ELEMENTS),
    (*TEXTS, *QUIZZES),
    (*TEXTS, *ELEMENTS, *QUIZZES),
    (*TEXTS, *REPORTED),
    (*TEXTS, *ELEMENTS, *REPORTED, *QUIZZES, *WRONG_QUIZZES, *STRAY_QUIZZES),
)
"""What a page is made up of. Most pages stay clear of what is always reported: there, a loss would hide behind it."""

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ODDITIES = (
    *BIDI,
    # What some programs take for the end of a line.
    *"\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029",
    # Spaces that are none, and nothing that is a character.
    *"\xa0\xad\u034f\u115f\u1680\u180e\u2000\u2007\u2009\u200a\u200b\u200c\u200d\u202f\u205f\u2060\u3000\u3164\ufeff",
    # What parsers keep for themselves, and what no text holds.
    *"\x01\x02\x03\x07\x08\x1a\x1b\x7f\x80\x9f\ufff9\ufffb\ufffc\ufffd\ufffe\uffff",
    *"\U0001fffe\U000e0001\U000e0041\U000e0100\U0010ffff\ue000\uf8ff",
    # Marks that heap up, letters that change when they are folded, and signs that look like Markdown's own.
    "a" + "\u0301\u0323\u0489\u20dd" * 20,
    *"\u1e9e\u0130\u0131\u017f\u01c5\ufb03\ufdfa\u0f0b\u1100\u1161\uac00\uff1c\uff1e\uff0a\uff3b\uff03\u2039\u02bc\u201c",
    "👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f 🇧🇪🇧 ✔\ufe0f 👍🏽 1\ufe0f\u20e3",
    "שלום עולם", "مرحبا بالعالم", "\u202eمرحبا <b>", "नमस्ते", "ไทย", "漢字かな交じり文", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "ǅ ŉ ΐ ﬅ",
)  # fmt: skip

TARGETS = ("    ", "  ", "\t", "> ", "- ", "1. ", ": ", "| ", "# ", "\\", "\xa0", " ", "!!! ", "    - ", "> > ")
"""What a line may be pushed in with."""

CLOSERS = re.compile(r"</[a-z]+>|\)|\]|`+|\*+|\"|'|-->|>|\n\n")


def inside(first: str, rest: str, end: str = "") -> Callable[[str], str]:
    """Puts a piece behind one text, its further lines behind another."""
    return lambda piece: first + piece.replace("\n", "\n" + rest) + end


WRAPPERS: tuple[Callable[[str], str], ...] = (
    inside("- ¤\n\n    ", "    "),
    inside("- ", "  "),
    inside("1. ¤\n    - ¤\n\n        ", "        "),
    inside("> ", "> "),
    inside("> > ", "> > "),
    inside("> - ", ">   "),
    inside('!!! note "¤"\n\n    ', "    "),
    inside("??? tip\n\n    ", "    "),
    inside("¤\n\n:   ", "    "),
    inside("¤[^wrapped]\n\n[^wrapped]: ", "    "),
    inside("<div markdown>\n\n", "", "\n\n</div>"),
    inside("<div>\n", "", "\n</div>"),
    inside("<details markdown>\n<summary>¤</summary>\n\n", "", "\n\n</details>"),
    inside("<table><tr><td markdown>\n\n", "", "\n\n</td></tr></table>"),
    inside("<b>", "", "</b>"),
    inside("<pre>", "", "</pre>"),
    inside("```\n", "", "\n```"),
    inside("~~~~ html\n", "", "\n~~~~"),
    inside("    ", "    "),
    inside("# ", " "),
    inside("*", "", "*"),
    inside("[", "", "](a.md)"),
    inside("![", "", "](a.svg)"),
    inside("`", "", "`"),
    lambda piece: "| ¤ | ¤ |\n|---|---|\n| " + piece.replace("\n", " ") + " | ¤ |",
)
"""What a piece may stand in."""

QUIZ_WRAPPERS: tuple[Callable[[str], str], ...] = (
    inside("<quiz>\n### ¤?\n\n", "", "\n\n- [x] ¤\n- [ ] ¤\n</quiz>"),
    inside("<quiz>\n### ¤?\n\n- [x] ", "  ", "\n- [ ] ¤\n</quiz>"),
    inside("<quiz>\n### ¤?\n\n- [x] ¤\n  > ", "  > ", "\n- [ ] ¤\n</quiz>"),
    inside("<quiz>\n### ¤?\n\n- [x] ¤\n- [ ] ¤\n\n", "", "\n</quiz>"),
)
"""The places of a quiz, for pieces without one."""


def make_up(chance: random.Random) -> str:
    """The template of a page: pieces, some in one another, some of them damaged, between sound paragraphs."""
    palette = chance.choice(PALETTES)
    parts = ["¤ first."]
    for _ in range(chance.randint(1, 6)):
        piece = chance.choice(palette)
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
            # A quiz in anything is reported; that is left to the palette that has such quizzes anyway.
            if "<quiz" not in piece or palette is PALETTES[-1]:
                quizzes_too = chance.random() < 0.2
                piece = chance.choice(QUIZ_WRAPPERS if quizzes_too else WRAPPERS)(piece)
        if chance.random() < 0.3:
            piece = mutate(piece, chance)
        parts.append(piece)
        if chance.random() < 0.5:
            parts.append("¤ between.")
    parts.append("¤ last.")
    text = chance.choice(("\n\n", "\n\n", "\n\n", "\n")).join(parts)
    for _ in range(chance.choice((0, 0, 0, 1, 2, 8))):
        text = insert(text, chance.choice(ODDITIES), chance)
    return text


def mutate(piece: str, chance: random.Random) -> str:
    """A piece as a slip of the hand would leave it."""
    lines = piece.split("\n")
    place = chance.randrange(len(lines))
    match chance.randrange(8):
        case 0:
            return piece[: chance.randrange(len(piece)) + 1] if piece else piece
        case 1:
            closers = list(CLOSERS.finditer(piece))
            if closers:
                gone = chance.choice(closers)
                return piece[: gone.start()] + piece[gone.end() :]
        case 2:
            lines[place] = chance.choice(TARGETS) + lines[place]
        case 3:
            lines.insert(place, lines[place])
        case 4:
            chance.shuffle(lines)
        case 5:
            del lines[place]
        case 6:
            return piece.replace("\n\n", "\n")
        case _:
            return insert(piece, chance.choice(ODDITIES) * chance.randint(1, 3), chance)
    return "\n".join(lines)


def insert(text: str, oddity: str, chance: random.Random) -> str:
    """A text with something put in somewhere."""
    place = chance.randrange(len(text) + 1)
    return text[:place] + oddity + text[place:]
