"""The site builds with warnings as errors, notebooks from nothing; no link is broken, a phone shows it."""

import subprocess
import sys
from pathlib import Path

import pytest
from oracles.pages import broken_links, browsed_search, fetched, widths

ROOT = Path(__file__).parents[2]
#: Pixels of a phone, and of a desktop.
PHONE, DESKTOP = 390, 1280

pytestmark = [pytest.mark.ci, pytest.mark.slow, pytest.mark.docs]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E"]
    # Sphinx keeps what it read beside the pages unless told another place.
    call = [*build, "-d", str(tmp_path_factory.mktemp("read")), str(ROOT / "docs"), str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder


def test_no_link_is_broken(site):
    assert broken_links(site) == []


def test_a_planted_link_is_found(tmp_path):
    (tmp_path / "there.html").write_text("<p id='place'>")
    links = ("there.html", "there.html#place", "there.html#nowhere", "gone.html", "https://example.org")
    (tmp_path / "page.html").write_text("".join(f"<a href='{link}'>" for link in links))
    assert broken_links(tmp_path) == [("page.html", "gone.html"), ("page.html", "there.html#nowhere")]


def test_nothing_is_fetched_from_the_network(site):
    assert fetched(site) == []


def test_a_planted_script_from_the_network_is_found(tmp_path):
    (tmp_path / "page.html").write_text(
        "<script src='https://cdn.example.org/x.js'></script><a href='https://a.b'>"
    )
    assert fetched(tmp_path) == [("page.html", "https://cdn.example.org/x.js")]


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_scrolls_sideways(site, tmp_path, width):
    found = widths(sorted(site.rglob("*.html")), width, tmp_path)
    assert {str(page.relative_to(site)): wide for page, wide in found.items() if wide > width} == {}


@pytest.mark.browser
def test_a_page_that_is_too_wide_is_found(tmp_path):
    page = tmp_path / "wide.html"
    page.write_text("<div style='width: 900px'>wide</div>")
    assert widths([page], PHONE, tmp_path)[page] > PHONE


@pytest.mark.browser
def test_search_works_without_a_server(site, tmp_path):
    assert browsed_search(site, "dropout", tmp_path) != ""
    assert browsed_search(site, "xylophone", tmp_path) == ""
