"""Names on the command line: what they mean, what a search finds, what is said where nothing has one."""

from functools import partial
from pathlib import Path

import pytest

from symderive.errors import InputError
from symderive.library import catalog
from symderive.library.catalog import listed, load_entries, search, select, theorem_called
from symderive.library.load import ORDER, load, load_all
from symderive.statements import Assumption, Document, Part, Theorem

LOWER, ATTAINED = load("lower-bound"), load("attainment")

THEOREM = Theorem(
    id="best-map",
    kind="theorem",
    name="Global minimum",
    body=("Then", LOWER.statements[0]),
    rests_on=(ATTAINED.statements[0],),
)

DOCUMENT = Document(
    title="A paper",
    abstract="",
    parts=(Part(id="p", title="P", blocks=("text", Assumption(id="a", name="a", text="a"), THEOREM)),),
)


@pytest.fixture
def run(run):
    return partial(run, "derive")


@pytest.fixture
def a_paper(monkeypatch):
    monkeypatch.setattr(catalog, "load_document", lambda: DOCUMENT)


def ids(derivation):
    return [entry.id for entry in derivation.entries]


def test_without_names_all_derivations_are_meant():
    assert [derivation.id for derivation in select(())] == list(ORDER)


def test_the_id_of_a_section_means_the_whole_section():
    assert select(("lower-bound",)) == (LOWER,)
    assert "lower-bound" in ids(LOWER)  # a statement has this id, too


def test_the_id_of_a_statement_means_that_statement_and_says_where_it_is_from():
    (part,) = select(("lower-bound-layers",))
    assert ids(part) == ["lower-bound-layers"]
    assert part.title == LOWER.title
    assert "lower-bound" in part.prose


def test_the_id_of_a_step_means_that_step():
    (part,) = select(("hessian-index-inertia",))
    assert ids(part) == ["hessian-index-inertia"]
    assert part.statements == ()


def test_what_stands_in_no_section_is_found():
    (part,) = select(("cauchy-schwarz",))
    assert ids(part) == ["cauchy-schwarz"]
    assert "cauchy-schwarz" not in [entry.id for home in load_all() for entry in home.entries]


def test_excerpts_from_one_section_are_one_section():
    (part,) = select(("attainment-map", "attainment-signs"))
    assert ids(part) == ["attainment-map", "attainment-signs"]
    assert [x.id for x in select(("attainment-map", "lower-bound-layers"))] == ["attainment", "lower-bound"]


@pytest.mark.parametrize(
    "names", [("lower-bound", "lower-bound-layers"), ("lower-bound-layers", "lower-bound")]
)
def test_nothing_comes_twice(names):
    assert select(names) == (LOWER,)
    assert [ids(x) for x in select(("attainment-map", "attainment-map"))] == [["attainment-map"]]


@pytest.mark.usefixtures("a_paper")
@pytest.mark.parametrize("name", ["best-map", "Global minimum", "global minimum"])
def test_a_theorem_has_an_id_and_a_name(name):
    (part,) = select((name,))
    assert ids(part) == [LOWER.statements[0].id, ATTAINED.statements[0].id]
    assert part.title == "Theorem (Global minimum)"
    assert load_entries(name) == (LOWER.statements[0],)


@pytest.mark.usefixtures("a_paper")
def test_a_section_comes_before_a_theorem_of_its_name():
    assert select(("global-minimum",)) == (load("global-minimum"),)
    assert theorem_called("global-minimum", (THEOREM,)) is THEOREM
    assert theorem_called("global-maximum", (THEOREM,)) is None


def test_an_unknown_name_gets_the_nearest_and_not_all():
    with pytest.raises(InputError) as error:
        select(("lower-bond",))
    assert "'lower-bound'" in str(error.value)
    assert "attainment" not in str(error.value)
    with pytest.raises(InputError) as error:
        select(("zzzz",))
    assert "nearest" not in str(error.value)
    with pytest.raises(InputError, match="'lower-bound'"):
        load("lower-bond")


def test_all_words_must_occur_in_id_or_title():
    there = listed(load_all())
    found = [thing.id for thing in search(("RIDGE", "gradient"), there)]
    assert "effective-ridge-gradient" in found
    assert "effective-ridge-threshold" not in found
    assert search((), there) == there
    assert search(("ridge zebra",), there) == ()


def test_everything_is_listed_once_with_its_section():
    there = listed(load_all(), (THEOREM,))
    lines = [thing.line for thing in there]
    assert len(set(lines)) == len(lines)
    assert lines[0] == "best-map: Global minimum (theorem)"
    known = {(thing.id, thing.home) for thing in there if thing.home}
    assert known == {(entry.id, home.id) for home in load_all() for entry in home.entries}


def test_the_command_lists_and_proves_nothing(run, monkeypatch):
    monkeypatch.setattr("symderive.paper.assembly.assemble", lambda *_, **__: pytest.fail("it proves"))
    code, out, err = run("--list", "Lower", "layer")
    assert (code, err) == (0, "")
    (line,) = [line for line in out.splitlines() if line.startswith("lower-bound-layers: ")]
    assert line.endswith("(statement of lower-bound)")
    code, out, err = run("--list", "zebra")
    assert (code, out) == (1, "")
    assert "nothing has all of these words" in err


def test_the_command_lists_what_a_file_holds(run):
    mine = Path(__file__).parents[2] / "examples" / "my_derivation.py"
    code, out, _ = run("--list", mine)
    assert code == 0
    assert "(section)" in out
    assert "lower-bound" not in out


@pytest.mark.parametrize(
    "options", [("--depth", "2"), ("--out", "paper"), ("--graph", "x.svg"), ("--assumptions",)]
)
def test_a_list_takes_no_options_that_it_would_not_use(run, options):
    code, out, err = run("--list", *options)
    assert (code, out) == (2, "")
    assert "--list" in err


def test_the_command_derives_one_statement_and_what_it_rests_on(run):
    code, out, _ = run("lower-bound-layers")
    assert code == 0
    assert "lower-bound-layers" in out
    assert "diagonal-bound" in out
    assert "attainment" not in out


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = 1\n\ndef f():\n    raise ValueError('no')\n\nf()\n", "line 4,"),
        ("x = 1\ny = (\n", "line 2,"),
        ("from symderive.statements import count\ncount()\n", "line 2,"),
    ],
)
def test_an_error_of_a_file_names_the_line(tmp_path, text, place):
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(InputError, match=rf"mine\.py, {place} fails with"):
        load(tmp_path / "mine.py")
