"""Pages name statements, modules and tests that are there; what records make of pages says the same."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import symderive
from symderive.library.load import load_all
from symderive.statements.step import Step
from symderive.verdict import Verdict

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)
ENTRIES = {entry.id: entry for derivation in load_all() for entry in derivation.entries}

_NAMED = re.compile(r"\{(statement|stated|proved|module|test)\}`([^`]+)`")


@pytest.fixture
def extensions(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "extensions"))
    yield
    for name in ("facts", "records", "theory", "theory_graph", "theory_writer"):
        sys.modules.pop(name, None)


def faults(text, is_there):
    """What a page names that is not there, or that no machine has proved and is called proved."""
    for role, name in _NAMED.findall(text):
        if role in ("module", "test"):
            if not is_there(name):
                yield name
        elif name not in ENTRIES or (role == "proved" and isinstance(ENTRIES[name], Step)):
            yield name


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
def test_what_pages_name_is_there():
    from facts import is_there

    written = [path for path in PAGES if path.parent.name not in ("paper", "statements")]
    assert {
        path.name: found for path in written if (found := list(faults(path.read_text(), is_there)))
    } == {}


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
@pytest.mark.parametrize(
    "name", ["global-minimun", "symderive.cores", "tests/core/test_holes.py::test_none", "tests/no.py"]
)
def test_what_is_not_there_is_found(name):
    from facts import is_there

    role = "statement" if "." not in name else "module"
    assert list(faults(f"See {{{role}}}`{name}`.", is_there)) == [name]


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
def test_a_step_in_words_is_not_called_proved():
    text = "{stated}`local-minima-all` and {proved}`global-minimum`"
    assert list(faults(text, bool)) == []
    assert list(faults(text.replace("stated", "proved"), bool)) == ["local-minima-all"]


def test_each_bound_has_a_statement_and_a_place_where_it_is_used():
    page = (ROOT / "docs" / "formulas.md").read_text()
    proved, _, unproved = page.partition("## Bounds that no statement proves")
    parts = [part for part in re.split(r"^##+ ", proved, flags=re.MULTILINE)[1:] if "Statements:" in part]
    assert len(parts) > 15
    for part in parts:
        assert re.search(r"Statements: \{(proved|stated)\}", part), part[:40]
        assert re.search(r"Used in: \{(module|test)\}", part), part[:40]
    rows = [line for line in unproved.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 8
    assert all("{module}" in row and "{test}" in row for row in rows)


def test_each_limit_names_a_statement_or_a_test():
    _, _, page = (ROOT / "docs" / "trust.md").read_text().partition("## What is not promised")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 18
    assert [row for row in rows if not re.search(r"\{(test|statement|proved)\}|formulas\.md#", row)] == []


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
def test_edges_that_a_path_replaces_are_left_out():
    pytest.importorskip("sphinx")
    from theory_graph import reduced

    assert reduced([("a", "b"), ("b", "c"), ("a", "c")]) == [("a", "b"), ("b", "c")]
    assert reduced([("a", "b"), ("a", "c")]) == [("a", "b"), ("a", "c")]


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
def test_a_statement_that_is_neither_proved_nor_marked_stops_the_build(monkeypatch):
    import theory
    from sphinx.errors import ExtensionError

    made = {
        name: SimpleNamespace(result=SimpleNamespace(verdict=Verdict[name]))
        for name in ("PROVED", "IN_WORDS", "UNDECIDED", "REFUTED")
    }
    monkeypatch.setattr(theory, "records", lambda: SimpleNamespace(entries=made))
    with pytest.raises(ExtensionError, match=r"\['UNDECIDED', 'REFUTED'\]"):
        theory.write(None)


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
def test_formulas_fit_cells_and_screens():
    from theory_writer import broken, inline

    assert inline(r"|x| + \|y\|") == r"$\vert x\vert  + \Vert y\Vert $"
    assert broken("x = 1", ".") == "x = 1."
    long = broken(" + ".join(f"x_{{{number}}}" for number in range(60)), ".")
    assert long.startswith(r"\begin{aligned}")
    assert long.count(r"\\") >= 1


@pytest.mark.docs
@pytest.mark.usefixtures("extensions")
def test_the_software_is_cited_as_its_file_says():
    from facts import cite_software

    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    text = cite_software()
    assert cff["title"] in text
    assert f"{{{cff['version']}}}" in text
    assert str(cff["version"]) == symderive.__version__


def test_the_paper_is_the_one_that_the_citation_file_prefers():
    from symderive.library.load import load_document

    entry = " ".join(dict(load_document().references)["ziyin2022"].split())
    preferred = yaml.safe_load((ROOT / "CITATION.cff").read_text())["preferred-citation"]
    assert preferred["title"] in entry
    assert preferred["identifiers"][0]["value"].removeprefix("arXiv:") in entry
    assert [person["family-names"] in entry for person in preferred["authors"]] == [True] * 3
