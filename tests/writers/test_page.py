"""The HTML paper in a real browser: where links lead, what is wide, what is drawn, what stays words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from oracles.sampled import some
from oracles.tools import browsed

from symderive.library.load import load
from symderive.paper.assembly import Section, assemble
from symderive.statements.document import Document, Figure, Part, Tabular, Theorem
from symderive.writers.convert import to_html
from symderive.writers.output import write_paper
from symderive.writers.style import Style

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.pdf]

BOUND = load("lower-bound").statements[-1]

PAPER = Document(
    title=r"A page about $\rho$ & 1 < 2",
    abstract="See [[main]], [[curve]] and [[table]]; <script>document.title = 'broken'</script> is words.",
    parts=(
        Part(
            id="start",
            title="Start",
            blocks=(
                Theorem(
                    id="main", kind="theorem", name="bound", body=("It is", BOUND), proof="By [[end]]."
                ),
                Figure(id="curve", caption="A curve.", draw=(lambda ax: ax.plot([0, 1]),)),
                Tabular(
                    id="table", caption="Signs.", header=("a", "b"), rows=(("1 < 2", r"$\rho \ge 1$"),)
                ),
            ),
        ),
        Part(id="end", title="End", blocks=("It ends.",)),
    ),
)

#: Puts what the browser knows of the page into an element of its own.
ASKS = """
<pre id="answer"></pre>
<script>
addEventListener("load", () => {
  const all = (what) => [...document.querySelectorAll(what)], root = document.documentElement;
  const style = getComputedStyle(document.body);
  document.getElementById("answer").textContent = JSON.stringify({
    wider: root.scrollWidth - root.clientWidth,
    links: all('a[href^="#"]').length,
    lost: all('a[href^="#"]').map((a) => a.getAttribute("href").slice(1))
      .filter((id) => !document.getElementById(id)),
    drawn: all("img").map((img) => img.naturalWidth > 0 && img.getBoundingClientRect().width > 200),
    hidden: all(".display math").filter((math) => math.scrollWidth > math.clientWidth
      && getComputedStyle(math).overflowX !== "auto").length,
    scrolling: all(".display math").filter((math) => math.scrollWidth > math.clientWidth).length,
    flat: all(".display math").filter((math) => math.getBoundingClientRect().height < 8).length,
    displays: all(".display math").length,
    numbers: all(".display .number").map((number) => number.textContent),
    scripts: all("script").length,
    colors: [style.color, style.backgroundColor],
    title: document.title,
    top: scrollY,
  });
});
</script>
"""


@pytest.fixture(scope="module")
def sections() -> tuple[Section, ...]:
    return assemble((load("norm-product"), load("noise-second-moment"), load("lower-bound")))


@pytest.fixture(scope="module")
def page(sections: tuple[Section, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    write_paper(folder, sections, style=Style(), formats=("html",), with_pdf=False, document=PAPER)
    return folder / "paper.html"


def asked(page: Path, change: Any = lambda text: text, **options: Any) -> dict[str, Any]:
    """What the browser says of a page, changed or not."""
    copy = page.with_name("asked.html")
    copy.write_text(change(page.read_text(encoding="utf-8")).replace("</body>", f"{ASKS}</body>"))
    found = re.search(r'<pre id="answer">(.+?)</pre>', browsed(copy, **options))
    assert found is not None
    answer: dict[str, Any] = json.loads(unescape(found[1]))
    return answer


@pytest.mark.parametrize("width", some([500, 800, 1200], 3))
def test_what_a_browser_shows(page: Path, width: int) -> None:
    said = asked(page, size=f"{width},900")
    assert said["wider"] == 0, "the page itself does not scroll sideways"
    assert said["links"] >= 12
    assert said["lost"] == []
    assert said["drawn"] == [True]
    assert said["displays"] >= 15
    assert (said["hidden"], said["flat"]) == (0, 0)
    assert said["numbers"] == [f"({at})" for at in range(1, len(said["numbers"]) + 1)]
    assert said["scripts"] == 1, "that of this test"
    assert said["colors"] == ["rgb(17, 17, 17)", "rgb(255, 255, 255)"]
    assert said["title"] == "A page about \\rho & 1 < 2"
    assert (said["scrolling"] > 0) == (width == 500), "long formulas scroll where they have to"


def test_a_link_leads_to_its_theorem(page: Path) -> None:
    assert asked(page)["top"] == 0
    assert asked(page, fragment="#sec-ledger")["top"] > 300


@pytest.mark.ci
def test_faults_of_a_page_are_seen(page: Path) -> None:
    def lost(text: str) -> str:
        return text.replace('id="th-main"', 'id="th-other"')

    assert "th-main" in asked(page, lost)["lost"]
    undrawn = asked(page, lambda text: text.replace("figures/curve.svg", "figures/none.svg"))
    assert undrawn["drawn"] == [False]
    unbound = asked(
        page, lambda text: text.replace("overflow-x: auto; overflow-y: hidden;", ""), size="500,900"
    )
    assert unbound["wider"] > 0 or unbound["hidden"] > 0


def test_a_page_has_pixels(page: Path, tmp_path: Path) -> None:
    """Dark words on white, and not an empty page."""
    from matplotlib.image import imread

    browsed(page, f"--screenshot={tmp_path / 'page.png'}", size="1000,900")
    pixels = imread(tmp_path / "page.png")[:, :, :3]
    assert pixels.shape[:2] == (900, 1000)
    dark = (pixels.max(axis=2) < 0.5).mean()
    assert 0.003 < dark < 0.3
    assert (pixels.min(axis=2) > 0.95).mean() > 0.6


def test_formulas_are_spaced_as_tex_spaces_them() -> None:
    made = to_html(r"So $n \operatorname{Diag}(Q) \succeq \inf_{m} F \iff x \ln 2 \ge \ln(2)$." + "\n")
    inside = made[made.index("<math") : made.index("<annotation")]
    space = '<mspace width="0.167em"></mspace>'
    assert f'<mi>n</mi>{space}<mrow><mi mathvariant="normal">Diag' in inside
    assert re.search(rf"</m(?:under|sub)>{space}<mi>F</mi>", inside)
    assert inside.count(space) == 4, "and before and after one ln of two"
    assert "<mo>⪰</mo>" in inside
    assert ">⟺</mo>" in inside


def test_ones_own_words_stay_words(sections: tuple[Section, ...], tmp_path: Path) -> None:
    nasty = replace(
        sections[0].derivation,
        title="[x](javascript:alert(1)) <img src=x>",
        prose="<script>document.title = 'broken'</script> & **bold**, ![x](y)",
    )
    write_paper(
        tmp_path,
        (replace(sections[0], derivation=nasty), *sections[1:]),
        style=Style(),
        formats=("html",),
        with_pdf=False,
    )
    said = asked(tmp_path / "paper.html")
    assert said["scripts"] == 1
    assert said["drawn"] == []
    assert said["title"].startswith(nasty.title)
    text = (tmp_path / "paper.html").read_text(encoding="utf-8")
    assert 'href="javascript' not in text
    assert "<strong>bold" not in text
