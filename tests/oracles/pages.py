"""What the pages of a site link to and load, and how wide they are on a phone."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from oracles.tools import browsed

#: How long the browser may take for all pages of a site.
SECONDS = 300

#: Attributes that name another file, and elements whose file the page cannot do without.
_LINKS = ("href", "src")
_LOADED = ("script", "img", "iframe", "source")


@dataclass
class Page:
    """The addresses that a page links to, those that it loads, and the places that others may link to."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.page.places |= {value for name in ("id", "name") if (value := of.get(name))}
        for address in filter(None, map(of.get, _LINKS)):
            self.page.links.append(address)
            if tag in _LOADED or (tag == "link" and of.get("rel") in ("stylesheet", "icon", "preload")):
                self.page.loaded.append(address)


def read(path: Path) -> Page:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page


def broken_links(site: Path) -> list[tuple[str, str]]:
    """Page and address of every link to a file or a place of the site that is not there."""
    pages = {path: read(path) for path in site.rglob("*.html")}
    return sorted(
        (str(path.relative_to(site)), address)
        for path, page in pages.items()
        for address in page.links
        if not _leads_somewhere(path, address, pages)
    )


def _leads_somewhere(path: Path, address: str, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return True
    to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not to.is_file():
        return False
    return not parts.fragment or to not in pages or unquote(parts.fragment) in pages[to].places


def fetched(site: Path) -> list[tuple[str, str]]:
    """Page and address of all that a page loads from the network."""
    return sorted(
        (str(path.relative_to(site)), address)
        for path in site.rglob("*.html")
        for address in read(path).loaded
        if urlsplit(address).scheme in ("http", "https") or address.startswith("//")
    )


_MEASURE = """<!doctype html><meta charset="utf-8"><pre id="answer"></pre><script>
const widths = {}, pages = PAGES;
const frame = document.createElement("iframe");
frame.style = "width: WIDTHpx; height: 800px; border: 0";
document.body.append(frame);
let next = 0;
frame.onload = () => {
  if (next) widths[pages[next - 1]] = frame.contentDocument.documentElement.scrollWidth;
  if (next < pages.length) frame.src = pages[next++];
  else document.getElementById("answer").textContent = JSON.stringify(widths);
};
frame.src = "about:blank";
</script>"""


def widths(pages: Iterable[Path], width: int, scratch: Path) -> dict[Path, int]:
    """How wide each page becomes in a window of ``width`` pixels; a wider one scrolls sideways."""
    pages = list(pages)
    script = json.dumps([f"file://{page}" for page in pages])
    asking = scratch / "measure.html"
    asking.write_text(_MEASURE.replace("PAGES", script).replace("WIDTH", str(width)), encoding="utf-8")
    budget = f"--virtual-time-budget={2000 * len(pages) + 2000}"
    shown = browsed(asking, "--dump-dom", "--allow-file-access-from-files", budget, seconds=SECONDS)
    found = re.search(r'<pre id="answer">(.*?)</pre>', shown, re.DOTALL)
    assert found, shown
    assert found[1], "the browser did not come to the end of the pages"
    answer = json.loads(html.unescape(found[1]))
    return {page: answer[f"file://{page}"] for page in pages}


def browsed_search(site: Path, word: str, scratch: Path) -> str:
    """The list of results that the site's own search shows for a word, opened as a file."""
    asked = ("--dump-dom", "--virtual-time-budget=10000")
    page = site / "search.html"
    shown = browsed(page, *asked, fragment=f"?q={word}", scratch=scratch, seconds=SECONDS)
    found = re.search(r'<ul[^>]* class="search".*?</ul>', shown, re.DOTALL)
    return re.sub(r"<[^>]*>", " ", found[0]).strip() if found else ""
