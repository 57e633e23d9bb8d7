"""The equation command: what it prints in each format, from where, how fast, and what it refuses."""

import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import pytest
from oracles.sampled import some

from symderive.errors import InputError
from symderive.latex.check import compile_tex
from symderive.library.catalog import find
from symderive.library.load import load_all, load_document
from symderive.proofs.ledger import Ledger
from symderive.writers import equation
from symderive.writers.equation import FORMATS, RefusedError, Wanted, ready

#: Seconds that a printed equation may take from the cache.
MOST_SECONDS = 1.5

MINE = """
from symderive.statements import Derivation, combine, equal, right, theorem
from symderive.symbols import lam

square = theorem(
    "square", "A square", equal((lam + 1) ** 2, lam**2 + 2 * lam + 1), reference="school",
    proof=combine(), misses={{"no middle term": right(lam**2 + 1)}}, display={display!r},
)
DERIVATION = Derivation(id="mine", title="Mine", prose="", statements=(square,))
"""


TRUE, FALSE = (
    rf"(\lambda + 1)^{{2}} = \lambda^{{2}} + {middle} + 1" for middle in (r"2 \lambda", r"\lambda")
)


@pytest.fixture
def run(run):
    return partial(run, "equation")


@pytest.fixture
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def lines(name, **wanted):
    return ready(Wanted(name, **wanted), ledger=Ledger()).splitlines()


def test_latex_is_a_display_with_its_conditions_and_what_to_cite():
    found = lines("decay-bound")
    assert found[0] == r"\begin{equation}"
    end = found.index(r"\end{equation}")
    assert r"\label{eq:sd:decay-bound}" in "".join(found[:end])
    assert r"m = (U T_{D})^{\top}" in "".join(found[:end])  # what the display defines is printed with it
    assert all(line.startswith("% ") for line in found[end + 1 :])
    assert any(line.startswith("% cite: ") for line in lines("loss"))


def test_conditions_are_one_sentence():
    (sentence,) = [line for line in lines("origin-ball") if line.startswith("% For")]
    assert r"$D \ge 2$" in sentence
    assert r"\frac" not in sentence
    assert sentence.endswith(".")


def test_what_is_cited_is_a_work_of_the_paper():
    keys = dict(load_document().references)
    found = [line.removeprefix("% cite: ") for line in lines("loss") if line.startswith("% cite: ")]
    assert len(found) == 1
    assert "Ziyin" in keys[found[0]]
    assert "202" in keys[found[0]]
    assert not [line for line in lines("cauchy-schwarz") if "cite" in line]


@pytest.mark.parametrize(
    ("format_", "part"),
    [
        ("latex", r"\lVert U \rVert^{2}"),
        ("typst", "$ "),
        ("markdown", "$$"),
        ("text", "‖U‖²"),
        ("sympy", "Sum(U[j]**2, (j, 1, d[D]))"),
    ],
)
def test_every_format(format_, part):
    assert part in ready(Wanted("loss", format=format_), ledger=Ledger())


def test_typst_and_sympy_hide_in_comments_what_is_no_formula():
    for format_, mark in (("typst", "// "), ("sympy", "# ")):
        formula, *rest = lines("loss", format=format_)
        assert rest
        assert all(line.startswith(mark) for line in rest)
        assert not formula.startswith(mark)


def test_without_a_display_the_formula_is_printed():
    _, entry = find("cauchy-schwarz")
    assert entry.display is None
    assert r"\sum_{j=1}^{n}" in "".join(lines("cauchy-schwarz"))
    assert "$ " in lines("cauchy-schwarz", format="typst")[0]


def test_a_step_says_that_it_is_in_words():
    found = lines("global-minimum-of-weights")
    assert any(line.startswith("% In words, by ") for line in found)
    assert not any(line.startswith("% In words") for line in lines("loss"))
    with pytest.raises(InputError, match="index form"):
        lines("global-minimum-of-weights", format="sympy")


def test_an_axiom_says_that_it_is_one():
    assert any("axiom" in line for line in lines("logarithm"))


def test_a_theorem_prints_all_its_claims():
    theorem = next(x for x in equation.theorems() if len(x.claims) > 1 and all(y.display for y in x.claims))
    text = ready(Wanted(theorem.id), ledger=Ledger())
    assert text.count(r"\begin{equation}") == len(theorem.claims)


def test_at_a_depth_the_display_is_that_of_the_depth():
    text = ready(Wanted("decay-bound", depth=2), ledger=Ledger())
    assert r"\ge 3 \bar{\gamma} \, \lVert m \rVert^{2/3}" in text
    assert "D" not in text.replace("decay", "")
    with pytest.raises(InputError, match="says nothing at 1"):
        lines("origin-ball", depth=1)


def test_a_narrow_column_breaks_lines():
    wide, narrow = (ready(Wanted("loss", width=width), ledger=Ledger()) for width in ("article", "ieee"))
    assert r"\begin{split}" not in wide
    assert r"\begin{split}" in narrow


@pytest.mark.tex
def test_what_is_printed_compiles():
    bodies = [
        ready(Wanted(name, width="ieee", depth=depth), ledger=Ledger())
        for name in ("loss", "decay-bound", "origin-ball")
        for depth in (2, None)
    ]
    for body in bodies:
        source = (
            "\\documentclass[conference]{IEEEtran}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n"
            f"{body}\n\\end{{document}}\n"
        )
        assert compile_tex(source).overfull == ()


# -- what is refused ---------------------------------------------------------------------------------------


def test_a_refused_display_is_not_printed(run, tmp_path):
    (tmp_path / "mine.py").write_text(MINE.format(display=TRUE))
    code, out, err = run("square", "--file", tmp_path / "mine.py")
    assert (code, err) == (0, "")
    assert r"(\lambda + 1)^{2}" in out
    (tmp_path / "mine.py").write_text(MINE.format(display=FALSE))
    code, out, err = run("square", "--file", tmp_path / "mine.py")
    assert (code, out) == (1, "")
    assert "refused" in err
    assert err.count("\n") == 1


def test_a_false_statement_is_not_printed(monkeypatch):
    home, entry = find("decay-bound")
    false = replace(entry, left=entry.right, right=entry.left, display=None)
    monkeypatch.setattr(equation, "find", lambda _: (home, false))
    with pytest.raises(RefusedError, match="decay-bound is"):
        ready(Wanted("decay-bound"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("lower-bond",), "'lower-bound'"),
        (("loss", "--width", "wide"), "--width"),
        (("loss", "--width", "ieee", "--format", "text"), "--width"),
        (("loss", "--depth", "0"), "--depth 0"),
        (("loss", "--depth", "x"), "depth"),
        (("loss", "--file", "absent.py"), "absent.py"),
        (("loss", "--format", "pdf"), "pdf"),
    ],
)
def test_bad_input_is_one_sentence(run, arguments, complaint):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err
    assert len(err.splitlines()) == 1


# -- from the cache ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_cache")
def test_what_was_printed_is_kept_and_nothing_slow_is_imported():
    script = (
        "import sys\nsys.argv = ['symderive', 'equation', 'loss']\nfrom symderive import cli\n"
        "try:\n    cli.main()\nfinally:\n    print('sympy' in sys.modules, file=sys.stderr)\n"
    )
    found = []
    for _ in range(2):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        found.append((done.stdout, done.stderr.strip(), time.perf_counter() - start))
    (first, loaded, _), (second, loaded_again, seconds) = found
    assert first == second != ""
    assert (loaded, loaded_again) == ("True", "False")
    assert seconds < MOST_SECONDS


def test_a_record_that_was_changed_is_not_believed(run, own_cache):
    _, first, _ = run("loss")
    (record,) = (own_cache / "symderive" / "paper").glob("equation-*.json")
    record.write_text(record.read_text().replace("M_{D}", "M_{1}"))
    assert "M_{1}" not in run("loss")[1]
    assert run("loss")[1] == first


@pytest.mark.usefixtures("own_cache")
def test_what_was_asked_for_otherwise_is_found_otherwise(run):
    texts = {
        run("loss", *more)[1] for more in ((), ("--depth", "2"), ("--format", "text"), ("--width", "ieee"))
    }
    assert len(texts) == 4
    code, _, _ = run("loss", "--width", "article", "--format", "text")  # kept for no --width
    assert code == 2


def test_a_file_of_ones_own_is_never_kept(run, own_cache, tmp_path):
    (tmp_path / "mine.py").write_text(MINE.format(display=TRUE))
    assert run("square", "--file", tmp_path / "mine.py")[0] == 0
    assert not list((own_cache / "symderive" / "paper").glob("equation-*.json"))


def test_the_formats_are_those_of_the_command():
    from symderive.cli.equation import equation as command

    (option,) = [option for option in command.params if option.name == "format_"]
    assert tuple(option.type.choices) == FORMATS


@pytest.mark.parametrize(
    ("format_", "part"),
    [
        ("latex", r"}^{d_{i}}$ for $i = 1, \dots, D$ and every $i = 1, \dots, D$."),
        ("typst", "for $i = 1, dots, D$ and every $i = 1, dots, D$."),
        ("text", "for i = 1, …, D and every i = 1, …, D."),
    ],
)
def test_ranges_stand_with_what_they_are_of(format_, part):
    """One of a hypothesis, one of the claim; and none where nothing ranges."""
    assert part in ready(Wanted("attainment-signs", format=format_), ledger=Ledger())
    assert "every" not in ready(Wanted("loss", format=format_), ledger=Ledger())


def test_several_ranges_are_taken_apart():
    assert equation._ranges(r"i = 1, \dots, D, j = 1, \dots, d_{i}", "text", frozenset()) == (
        "i = 1, …, D, j = 1, …, dᵢ"
    )
    assert equation._ranges(r"i = 1, 2, j = 1, \dots, d_{i}", "text", frozenset()) == (
        "i = 1, 2, j = 1, …, dᵢ"
    )


def test_a_display_that_rests_on_words_says_so():
    assert "% It rests on a step in words, norm-product-alive." in lines("global-minimum")
    assert "in words" not in "".join(lines("global-minimum-zero-map"))


def test_what_a_setting_supposes_is_a_condition() -> None:
    """Pasted alone, a formula of isotropic data is false of other data."""
    assert "% For $A = a I$." in ready(Wanted("isotropic-map"))
    assert "A = a I" not in ready(Wanted("effective-ridge-equation"))


def test_every_display_is_printed_in_every_format() -> None:
    """A sample of them, in formats by turns."""
    displays = [x.id for part in load_all() for x in part.entries if x.display is not None]
    pairs = [(name, format_) for name in displays for format_ in ("latex", "typst", "markdown", "text")]
    for name, format_ in some(pairs, 53, ci=13):
        assert ready(Wanted(name, format=format_), ledger=Ledger())
    assert ready(Wanted("effective-ridge-equation")), "an equivalence beside the name that it defines"


def test_text_of_entries_is_mathematics_and_not_sympy():
    """Of a statement without a display, too; what has no other text is as SymPy prints it."""
    formula, conditions = equation._formula(
        find("noise-transfer")[1], Wanted("noise-transfer", format="text")
    )
    assert formula.startswith("p₁ ∑_(k=1)^(d_D) ∑_(j=1)^(d_D) M̃_(D,j,k)gⱼgₖ + p₂")
    assert conditions == [
        "(A_(j,k))_(j,k) ⪰ 0",
        "αᵢ + ∑_(l=1)^(Gᵢ) η_(i,l,j)² = χᵢ for i = 1, …, D, j = 1, …, dᵢ",
    ]
    derivative, _ = equation._formula(find("dual-curvature")[1], Wanted("dual-curvature", format="text"))
    assert "Derivative(" in derivative
