"""After signing in one stays on this site, whatever the address asks for."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

LIBRARY = Path(__file__).parent.parent.parent / "themes" / "airlock" / "assets" / "lib" / "format.js"
ORIGIN = "https://learn.example.org"
SCRIPT = f"""import {{ safeNext }} from {json.dumps(LIBRARY.as_uri())};
const said = JSON.parse(process.argv[1]).map((next) => {{
  const path = safeNext(next, "/learning/", {json.dumps(ORIGIN)});
  return [path, new URL(path, {json.dumps(ORIGIN)}).origin, new URL(path, "https://learn.example.org/fr/sign-in/").href];
}});
console.log(JSON.stringify(said));"""

PIECES = (
    *("/", "//", "\\", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "@", ":", "?", "#", "\t", "\n", " ", "&", "=", "["),
    *("evil.example", "learn.example.org", "https:", "javascript:", "x", "fr"),
    *("\u3002", "\uff0f", "\u2100", "\u00e9", "\ud83d\ude00"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
addresses = st.one_of(texts, texts.map("/{}".format))


@settings(max_examples=20)
@given(st.lists(addresses, min_size=120, max_size=120))
def test_what_comes_next_is_a_path_of_this_site(asked: list[str]) -> None:
    """2,400 addresses, as the browser's own reading of addresses (WHATWG URL) resolves what is given back."""
    command = ["node", "--input-type=module", "-e", SCRIPT, json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    for next_page, (path, origin, seen) in zip(asked, json.loads(done.stdout), strict=True):
        told = f"{next_page!r} leads to {path!r}"
        assert path.startswith("/"), told
        assert not path.startswith(("//", "/\\")), told
        assert origin == ORIGIN, told
        assert urlsplit(seen).netloc == "learn.example.org", told
