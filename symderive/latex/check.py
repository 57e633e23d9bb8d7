"""The ladder that a formula climbs before it is printed: lint, reader, KaTeX, TeX.

Each rung is independent of the others and of the printer.  Rungs that need a program (Node with KaTeX,
pdflatex) raise :class:`MissingExtraError` when it is not there; nothing is skipped silently.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symderive.errors import InputError, MissingExtraError
from symderive.latex.compare import difference
from symderive.latex.layout import Column, column
from symderive.latex.names import NAME_COMMANDS, words
from symderive.latex.printer import Typeset
from symderive.latex.reader import read_latex

#: Commands of the emitted language apart from those in names.
COMMANDS = NAME_COMMANDS | frozenset(
    rf"\{name}"
    for name in words(
        r"frac sqrt binom sum prod int lim left right biggl biggr to infty pi partial ln exp sin cos tan"
        r" sinh cosh tanh arctan det max min le ge ne in iff implies lnot succeq preceq odot begin end"
        r" quad qquad label notag \ ! { }"
        r" nabla otimes oplus bigoplus inf sup ln succ cong pm bigl bigr Bigl Bigr"
    )
)

ENVIRONMENTS = frozenset(
    ["cases", "pmatrix", "smallmatrix", "equation", "split", "align", "gather", "aligned"]
)

#: An overfull box of less is not visible.
OVERFULL_POINTS = 1.0
_TIMEOUT = 120.0

_WORDS = re.compile(r"\\text\{(if | and | or |otherwise)\}")
_LABELS = re.compile(r"\\label\{[a-zA-Z0-9:-]+\}")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([^{}]*)\}")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the formula at ``index``; ``rung`` is lint, reader, katex or tex."""

    index: int
    rung: str
    message: str


def lint(tex: str) -> list[str]:
    """What is wrong with LaTeX on its face: characters, commands, blank lines, nesting, double scripts."""
    faults = [f"the character {letter!r}" for letter in sorted({*tex}) if not _is_plain(letter)]
    faults += ["a blank line"] if re.search(r"\n\s*\n", tex) else []
    bare = _LABELS.sub("", _WORDS.sub("", tex))
    faults += [f"the command {name}" for name in sorted(set(_COMMAND.findall(bare)) - COMMANDS)]
    faults += [f"a bare {sign}" for sign in "%#$~" if re.search(rf"(?<!\\){re.escape(sign)}", tex)]
    open_environments: list[str] = []
    for side, name in _ENVIRONMENT.findall(tex):
        if name not in ENVIRONMENTS:
            faults.append(f"the environment {name}")
        if side == "begin":
            open_environments.append(name)
        elif not open_environments or open_environments.pop() != name:
            faults.append(f"the end of {name} without its begin")
    faults += [f"{name} without an end" for name in open_environments]
    if tex.count(r"\left") != tex.count(r"\right"):
        faults.append(r"\left and \right do not match")
    return faults + _braces(tex)


def _is_plain(letter: str) -> bool:
    return letter.isascii() and (letter.isprintable() or letter == "\n")


def _braces(tex: str) -> list[str]:
    """Unbalanced braces, and a second script of one kind on one nucleus."""
    scripts: list[set[str]] = [set()]
    after_script, faults = "", []
    for token in re.findall(r"\\(?:[A-Za-z]+|.)|\S", tex):
        if token in "^_":
            if token in scripts[-1]:
                faults.append(f"a double {token}")
            scripts[-1].add(token)
            after_script = token
        elif token == "{":
            scripts[-1] = scripts[-1] if after_script else set()
            scripts.append(set())
            after_script = ""
        elif token == "}":
            scripts.pop()
            if not scripts:
                return [*faults, "a closing brace too many"]
        else:
            scripts[-1] = set()
            after_script = ""
    return faults + (["an opening brace too many"] if len(scripts) > 1 else [])


def read_back(expr: Any, text: str, names: Any) -> str | None:
    """None if ``text`` reads back as ``expr``, else what differs or why it cannot be read."""
    try:
        return difference(expr, read_latex(text, names))
    except (InputError, TypeError, ValueError) as error:
        return str(error)


def katex_errors(formulas: Sequence[str]) -> list[str | None]:
    """What KaTeX in strict mode says of each formula; None where it is content.

    Needs Node, and KaTeX in the folder that ``SYMDERIVE_KATEX`` names or in ``~/.cache/symderive``.
    Labels are left out, because KaTeX has none.
    """
    node, folder = shutil.which("node"), _katex_folder()
    if node is None or folder is None:
        raise MissingExtraError(
            "KaTeX needs Node and the package katex; run npm install --prefix ~/.cache/symderive katex."
        )
    script = (
        f"const katex = require({json.dumps(str(folder))});"
        "const options = {displayMode: true, strict: 'error', throwOnError: true, trust: false};"
        "const read = require('fs').readFileSync(0, 'utf8');"
        "const check = tex => { try { katex.renderToString(tex, options); return null; }"
        " catch (error) { return String(error.message); } };"
        "console.log(JSON.stringify(JSON.parse(read).map(check)));"
    )
    unlabelled = [_LABELS.sub("", tex) for tex in formulas]
    done = subprocess.run(
        [node, "-e", script],
        input=json.dumps(unlabelled),
        capture_output=True,
        text=True,
        check=True,
        timeout=_TIMEOUT,
    )
    return list(json.loads(done.stdout))


def _katex_folder() -> Path | None:
    chosen = os.environ.get("SYMDERIVE_KATEX")
    home = Path(chosen) if chosen else Path.home() / ".cache" / "symderive"
    folder = home / "node_modules" / "katex"
    return folder.resolve() if folder.is_dir() else None


@dataclass(frozen=True)
class TexReport:
    """What a run of pdflatex says: errors, overfull boxes, undefined references, pages, and its log."""

    errors: tuple[str, ...]
    overfull: tuple[str, ...]
    undefined: tuple[str, ...]
    pages: int
    log: str

    @property
    def clean(self) -> bool:
        """Whether there is nothing to complain about."""
        return self.pages > 0 and not (self.errors or self.overfull or self.undefined)


def compile_tex(source: str, *, runs: int = 1) -> TexReport:
    """Run pdflatex on ``source`` in an empty folder that is removed, without access to the shell."""
    program = shutil.which("pdflatex")
    if program is None:
        raise MissingExtraError(
            "pdflatex is not installed; install texlive-latex-base, texlive-latex-recommended and lmodern."
        )
    environment = {**os.environ, "max_print_line": "10000", "openin_any": "p", "openout_any": "p"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "paper.tex").write_text(source, encoding="ascii")
        for _ in range(runs):
            done = subprocess.run(
                [program, "-interaction=nonstopmode", "-file-line-error", "-no-shell-escape", "paper.tex"],
                cwd=folder,
                env=environment,
                capture_output=True,
                check=False,
                timeout=_TIMEOUT,
            )
        log = done.stdout.decode("utf-8", "replace")
    return _report(log)


def _report(log: str) -> TexReport:
    lines = log.splitlines()
    pages = re.search(r"\((\d+) pages?,", log)
    return TexReport(
        errors=tuple(
            line for line in lines if line.startswith("! ") or re.match(r"\./paper\.tex:\d+: ", line)
        ),
        overfull=tuple(line for line in lines if _overfull(line)),
        undefined=tuple(line for line in lines if "undefined" in line and "Warning" in line),
        pages=int(pages[1]) if pages else 0,
        log=log,
    )


def _overfull(line: str) -> bool:
    found = re.match(r"Overfull \\hbox \(([\d.]+)pt too wide\)", line)
    return found is not None and float(found[1]) > OVERFULL_POINTS


def tex_errors(displays: Sequence[str], *, width: str | float | Column = "article") -> list[str | None]:
    """What pdflatex says of each display, all set in one column of that width; None where nothing."""
    place = column(width)
    found: list[str | None] = [
        next((fault for fault in _braces(tex) if "brace" in fault), None) for tex in displays
    ]
    marks = "\n".join(
        f"\\typeout{{EQ {index}}}\n{tex}\n"
        for index, tex in enumerate(displays)
        if found[index] is None  # an open brace would swallow the rest of the batch
    )
    report = compile_tex(
        "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\allowdisplaybreaks\n"
        f"\\setlength\\textwidth{{{place.width}pt}}\\setlength\\hsize{{\\textwidth}}"
        "\\setlength\\columnwidth{\\textwidth}\\setlength\\linewidth{\\textwidth}\n"
        f"\\begin{{document}}\\fontsize{{{place.size}}}{{{1.2 * place.size:.2f}}}\\selectfont\n"
        f"{marks}\\end{{document}}\n"
    )
    if not report.pages:
        raise InputError(f"pdflatex wrote no page: {report.log[-300:]}")
    index = 0
    bad = {*report.errors, *report.overfull, *report.undefined}
    for line in report.log.splitlines():
        if match := re.fullmatch(r"EQ (\d+)", line):
            index = int(match[1])
        elif line in bad and found[index] is None:
            found[index] = line
    return found


def findings(
    formulas: Iterable[tuple[Any, Typeset, str]],
    *,
    width: str | float | Column = "article",
    katex: bool = False,
    tex: bool = False,
) -> tuple[Finding, ...]:
    """Climb the ladder with (expression, typeset, display) triples; an empty result is a clean bill.

    ``display`` is the text that goes into the paper, as :func:`symderive.latex.equation` lays it out.
    """
    rows = list(formulas)
    found = [
        Finding(index, "lint", fault) for index, (_, _, text) in enumerate(rows) for fault in lint(text)
    ]
    for index, (expr, typeset, text) in enumerate(rows):
        if fault := read_back(expr, text, typeset.names):
            found.append(Finding(index, "reader", fault))
    texts = [text for _, _, text in rows]
    for rung, faults in (
        ("katex", katex_errors(texts) if katex else []),
        ("tex", tex_errors(texts, width=width) if tex else []),
    ):
        found += [Finding(index, rung, fault) for index, fault in enumerate(faults) if fault]
    return tuple(found)
